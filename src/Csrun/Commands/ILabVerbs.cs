namespace Csrun.Commands;

/// <summary>What <c>csrun lab</c> asks for.</summary>
internal interface ILabVerbs
{
    /// <summary>Lists the labs.</summary>
    /// <param name="json">As JSON.</param>
    int LabList(bool json);

    /// <summary>Runs labs.</summary>
    /// <param name="names">Their names; every one when empty.</param>
    /// <param name="keep">Whether what they make stays.</param>
    /// <param name="json">As JSON, once all have ended.</param>
    /// <returns>0 when nothing failed, 1 otherwise.</returns>
    int LabRun(IReadOnlyList<string> names, bool keep, bool json);
}
