using Csrun.Runtime.Cgroups;

namespace Csrun.Engine;

/// <summary>What a container uses, at one moment.</summary>
/// <param name="Id">Its ID.</param>
/// <param name="Name">Its name, or null.</param>
/// <param name="CpuPercent">Processor time in percent of one processor.</param>
/// <param name="Statistics">Its control group's counts.</param>
/// <param name="Network">Bytes of its network interfaces.</param>
internal sealed record ContainerUse(string Id, string? Name, double CpuPercent, CgroupStatistics Statistics, (ulong Received, ulong Sent) Network);
