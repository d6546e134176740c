namespace Csrun.Plan.Requests;

/// <summary>The forms of a printed plan.</summary>
public enum ExplainFormat
{
    /// <summary>Sentences with the reason of each step.</summary>
    Prose,

    /// <summary>System calls as strace(1) writes them.</summary>
    Strace,

    /// <summary>A shell script that does the same by hand.</summary>
    Sh,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>A Mermaid sequence diagram.</summary>
    Mermaid,
}
