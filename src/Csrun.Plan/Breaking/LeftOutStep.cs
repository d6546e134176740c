namespace Csrun.Plan.Breaking;

/// <summary>A step that is left out on purpose.</summary>
/// <param name="Step">The step as it was planned.</param>
/// <param name="Without">What is different without it.</param>
public sealed record LeftOutStep(Step Step, string Without)
{
    /// <summary>What would have been done, in one line.</summary>
    public string Calls
    {
        get
        {
            if (Step is CsrunStep own)
            {
                return own.Op.Describe();
            }

            StraceText text = new();
            ((ChildStep)Step).Op.ToStrace(text);
            return text.Calls.Count <= 2 ? string.Join("; ", text.Calls) : $"{text.Calls[0]} and {text.Calls.Count - 1} calls more";
        }
    }

    /// <summary>A line that says what is left out.</summary>
    public string Describe() => $"step {Step.Number} is left out (--break): {Calls}\n  it is there because: {Step.Why}\n  without it: {Without}";
}
