namespace Csrun.Commands;

/// <summary>How an option takes its value.</summary>
internal enum OptionKind
{
    /// <summary>None; <c>--option=false</c> takes it back.</summary>
    Flag,

    /// <summary>One; of several the last counts.</summary>
    Value,

    /// <summary>One each time, and all count.</summary>
    List,

    /// <summary>None or one, and the one only as <c>--option=value</c>.</summary>
    Optional,
}
