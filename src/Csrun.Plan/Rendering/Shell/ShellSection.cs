using System.Text;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>The half of a script that one actor runs: commands, each under the steps that they stand for.</summary>
internal sealed class ShellSection
{
    private readonly StringBuilder _text = new();
    private readonly List<Step> _waiting = [];
    private (int First, int Last, string Why)? _noted;

    /// <summary>The text so far.</summary>
    public string Text
    {
        get
        {
            FlushNote();
            return _text.ToString();
        }
    }

    /// <summary>A step whose work the commands of a later one do.</summary>
    public void Absorb(Step step) => _waiting.Add(step);

    /// <summary>A step that a script has no command for, and why that is no loss, or what is lost.</summary>
    public void Note(Step step, string why)
    {
        if (_noted is { } noted && noted.Why == why && noted.Last + 1 == step.Number)
        {
            _noted = noted with { Last = step.Number };
            return;
        }

        FlushNote();
        _noted = (step.Number, step.Number, why);
    }

    /// <summary>The commands of a step.</summary>
    public void Add(Step step, params ReadOnlySpan<string> commands)
    {
        FlushNote();
        _text.Append($"\n# {Numbers(step)}. {ShellText.Comment(step.Why)}\n");
        Append(commands);
    }

    /// <summary>Commands that no step stands for.</summary>
    public void AddOwn(string why, params ReadOnlySpan<string> commands)
    {
        FlushNote();
        _text.Append($"\n# {ShellText.Comment(why)}\n");
        Append(commands);
    }

    /// <summary>Further commands of the same step.</summary>
    public void Append(params ReadOnlySpan<string> commands)
    {
        foreach (string command in commands)
        {
            _text.Append(command).Append('\n');
        }
    }

    private void FlushNote()
    {
        if (_noted is { } noted)
        {
            _text.Append($"\n# {Range(noted.First, noted.Last)}. {ShellText.Comment(noted.Why)}\n");
            _noted = null;
        }
    }

    /// <summary>The step and those that it absorbs: <c>147, 149-151, 160</c>.</summary>
    private string Numbers(Step step)
    {
        List<string> ranges = [];
        _waiting.Add(step);
        for (int i = 0, first = 0; i < _waiting.Count; i++)
        {
            if (i + 1 == _waiting.Count || _waiting[i + 1].Number != _waiting[i].Number + 1)
            {
                ranges.Add(Range(_waiting[first].Number, _waiting[i].Number));
                first = i + 1;
            }
        }

        _waiting.Clear();
        return string.Join(", ", ranges);
    }

    private static string Range(int first, int last) => first == last ? $"{first}" : $"{first}-{last}";
}
