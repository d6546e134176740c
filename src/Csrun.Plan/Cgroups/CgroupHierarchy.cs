using System.Collections.Immutable;

namespace Csrun.Plan.Cgroups;

/// <summary>One mounted hierarchy of control groups.</summary>
public sealed record CgroupHierarchy
{
    /// <summary>Where it is mounted on the host, such as <c>/sys/fs/cgroup/memory</c>.</summary>
    public required string MountPoint { get; init; }

    /// <summary>What identifies it in /proc/PID/cgroup: <c>memory</c>, <c>cpu,cpuacct</c>, <c>name=systemd</c>; empty for version 2.</summary>
    public required string Name { get; init; }

    /// <summary>The controllers of it: of version 1 those it was mounted with, of version 2 the root's cgroup.controllers.</summary>
    public ImmutableArray<string> Controllers { get; init; } = [];

    /// <summary>csrun's own group, below <see cref="MountPoint"/>: <c>/</c>, or <c>/user.slice/...</c>.</summary>
    public string OwnPath { get; init; } = "/";

    /// <summary>Whether it is version 2.</summary>
    public bool IsV2 => Name.Length == 0;

    /// <summary>Whether csrun may make the container's group in it: looked at for one path (Csrun.Runtime.Cgroups.CgroupProbe).</summary>
    public bool CanMake { get; init; }

    /// <summary>Why not, where it was looked at and may not.</summary>
    public CgroupRefusal? Refusal { get; init; }

    /// <summary>The host's path of a group.</summary>
    /// <param name="path">The group, with a leading slash.</param>
    public string Directory(string path) => path == "/" ? MountPoint : MountPoint + path;
}
