using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Plan.Tracing;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>--step</c>: stops before each step, shows it, and asks the terminal what to do.</summary>
/// <param name="plan">The plan.</param>
internal sealed class StepTerminal(LaunchPlan plan)
{
    private int _until = 1;
    private bool _told;

    /// <summary>Makes sure that there is a terminal to ask.</summary>
    /// <exception cref="CsrunException">Standard input is none.</exception>
    internal static void Require()
    {
        if (!Sys.GetTermios(0, new byte[64]).Ok)
        {
            throw new CsrunException(
                "--step needs a terminal",
                "it asks before each step, and standard input is no terminal",
                "csrun run --trace ... shows the same steps without asking");
        }
    }

    /// <summary>Shows a step and waits for the answer.</summary>
    /// <param name="next">The step.</param>
    /// <param name="pid">The child; 0 while there is none.</param>
    /// <exception cref="CsrunException">The answer was to stop.</exception>
    internal void Before(Step next, int pid)
    {
        // The child's half of a barrier: csrun's half has just been asked about.
        if (next.Number < _until || next is ChildStep { Op: AwaitBarrierOp })
        {
            return;
        }

        using AskingTerminal terminal = new();
        FdWriter.Stderr.Write(Show(next, pid));
        while (true)
        {
            FdWriter.Stderr.Write(_told ? "[Enter, NUMBER, c, q] " : "Enter: do it.  NUMBER: go on to that step.  c: go on to the end.  q: stop here.  ");
            FdWriter.Stderr.Flush();
            _told = true;
            if (Understood(AskingTerminal.ReadLine(), next))
            {
                return;
            }
        }
    }

    private bool Understood(string? answer, Step next)
    {
        switch (answer)
        {
            case null or "q" or "quit":
                FdWriter.Stderr.Write("\n");
                throw new LaunchStoppedException(
                    $"stopped before step {next.Number} of {plan.Steps.Length}, as you asked",
                    "the child is ended, and nothing of the container is left");
            case "":
                return true;
            case "c":
                _until = int.MaxValue;
                return true;
        }

        if (int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > next.Number && number <= plan.Steps.Length)
        {
            _until = number;
            return true;
        }

        FdWriter.Stderr.Write($"\"{Printable.Of(answer)}\" is none of them; a NUMBER is {next.Number + 1} to {plan.Steps.Length}\n");
        return false;
    }

    private string Show(Step next, int pid)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"\n--- step {next.Number} of {plan.Steps.Length}, {(next.Actor == Actor.Csrun ? "csrun" : pid == 0 ? "child" : $"child {pid}")} {new string('-', 40)}\n");
        text.Append("why:  ").Append(next.Why).Append('\n');
        foreach (string line in Lines(next, pid))
        {
            text.Append("      ").Append(line).Append('\n');
        }

        if (next is ChildStep child)
        {
            text.Append("see:  ").Append(child.Op.ManPage).Append('\n');
        }

        IReadOnlyList<(string Command, string Shows)> commands = LookFromOutside.Commands(plan, next, pid);
        int width = Math.Min(58, commands.Max(c => c.Command.Length));
        for (int i = 0; i < commands.Count; i++)
        {
            text.Append(i == 0 ? "look: " : "      ").Append(commands[i].Command.PadRight(width)).Append("  # ").Append(commands[i].Shows).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Lines(Step step, int pid)
    {
        if (step is CsrunStep own)
        {
            string call = own.Op.Describe();
            return [own.Op is WriteIdMapsOp ? call.Replace("PID", pid.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) : call];
        }

        StraceText text = new();
        ((ChildStep)step).Op.ToStrace(text);
        return text.Lines;
    }
}
