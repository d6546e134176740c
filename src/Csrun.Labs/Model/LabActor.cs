namespace Csrun.Labs.Model;

/// <summary>Who types a command.</summary>
public enum LabActor
{
    /// <summary>Whoever runs the lab.</summary>
    Caller,

    /// <summary>root of the host.</summary>
    Root,

    /// <summary>An ordinary user with subordinate IDs: the caller, or, when root runs the lab, such a user of the machine.</summary>
    User,
}
