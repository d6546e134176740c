namespace Csrun.Labs.Running;

/// <summary>Somebody who types commands: with which IDs, and in which environment.</summary>
/// <param name="Name">The login name.</param>
/// <param name="Uid">The user ID on the host.</param>
/// <param name="Gid">The group ID on the host.</param>
/// <param name="Become">What is put before a command so that it runs with these IDs; empty when csrun has them already.</param>
/// <param name="Env">The environment.</param>
internal sealed record LabAccount(string Name, uint Uid, uint Gid, IReadOnlyList<string> Become, IReadOnlyList<string> Env)
{
    /// <summary>How the lesson shows who types.</summary>
    internal string Prompt => Uid == 0 ? "root#" : $"{Name}$";
}
