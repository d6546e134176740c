using System.Buffers.Binary;
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
    private const uint Isig = 1;
    private const int ControlC = 3;
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

        FdWriter.Stderr.Write(Show(next, pid));
        while (true)
        {
            FdWriter.Stderr.Write(_told ? "[Enter, NUMBER, c, q] " : "Enter: do it.  NUMBER: go on to that step.  c: go on to the end.  q: stop here.  ");
            FdWriter.Stderr.Flush();
            _told = true;
            if (Understood(ReadLine(), next))
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

    /// <summary>One line of the terminal without its end; null at the end of input and for Ctrl-C, which would end csrun alone otherwise.</summary>
    private static string? ReadLine()
    {
        byte[] before = new byte[64];
        bool terminal = Sys.GetTermios(0, before).Ok;
        if (terminal)
        {
            // termios(3): no signals for keys, and Ctrl-C ends the line (VEOL).
            byte[] asking = (byte[])before.Clone();
            Span<byte> local = asking.AsSpan(12, 4);
            BinaryPrimitives.WriteUInt32LittleEndian(local, BinaryPrimitives.ReadUInt32LittleEndian(local) & ~Isig);
            asking[17 + 11] = ControlC;
            Sys.SetTermios(0, asking);
        }

        try
        {
            List<byte> line = [];
            byte[] one = new byte[1];
            while (Sys.Read(0, one) is { Ok: true, Int: 1 })
            {
                if (one[0] == (byte)'\n')
                {
                    return Encoding.UTF8.GetString([.. line]).Trim();
                }

                if (one[0] == ControlC)
                {
                    return null;
                }

                line.Add(one[0]);
            }

            return null;
        }
        finally
        {
            if (terminal)
            {
                Sys.SetTermios(0, before);
            }
        }
    }
}
