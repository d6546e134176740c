namespace Csrun.Plan.Requests;

/// <summary>The forms of a trace.</summary>
public enum TraceFormat
{
    /// <summary>A few lines of text for each step.</summary>
    Text,

    /// <summary>A JSON object on a line for each step.</summary>
    Json,
}
