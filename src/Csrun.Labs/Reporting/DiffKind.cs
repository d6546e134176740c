namespace Csrun.Labs.Reporting;

/// <summary>On which side of a comparison a line is.</summary>
public enum DiffKind
{
    /// <summary>Printed as expected.</summary>
    Same,

    /// <summary>Expected and not printed.</summary>
    Missing,

    /// <summary>Printed and not expected.</summary>
    Unexpected,
}
