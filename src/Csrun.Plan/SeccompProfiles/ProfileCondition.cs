using System.Runtime.InteropServices;
using System.Text.Json;
using Csrun.Linux;
using Csrun.Linux.Abi;

namespace Csrun.Plan.SeccompProfiles;

/// <summary>The <c>includes</c> or <c>excludes</c> of a rule in Docker's format.</summary>
/// <param name="Capabilities">Names of capabilities.</param>
/// <param name="Arches">Architectures by Docker's names, such as amd64.</param>
/// <param name="MinKernel">A kernel version.</param>
internal sealed record ProfileCondition(CapabilitySet Capabilities, IReadOnlyList<string> Arches, KernelVersion? MinKernel)
{
    /// <summary>Reads one; null when it is absent.</summary>
    internal static ProfileCondition? Read(ProfileJson json, SeccompConverter converter, JsonElement rule, string rulePath, string name)
    {
        string path = $"{rulePath}.{name}";
        if (!json.Has(rule, name, out JsonElement element) || !json.IsObject(element, path))
        {
            return null;
        }

        CapabilitySet capabilities = CapabilitySet.None;
        IReadOnlyList<string> names = json.Texts(element, path, "caps");
        for (int i = 0; i < names.Count; i++)
        {
            if (CapabilityNames.TryParse(names[i], out Capability capability))
            {
                capabilities = capabilities.With(capability);
            }
            else
            {
                IReadOnlyList<string> close = CloseNames.Of(names[i], CapabilityNames.All, 1);
                converter.Mistake($"{path}.caps[{i}]", $"{SeccompConverter.Quote(names[i])} is not a capability",
                    close.Count > 0 ? $"did you mean \"{close[0]}\"?" : null);
            }
        }

        KernelVersion? kernel = null;
        string minKernel = json.Text(element, path, "minKernel");
        if (minKernel.Length != 0)
        {
            if (KernelVersion.TryParse(minKernel, out KernelVersion parsed) && parsed.ToString() == minKernel && parsed != default)
            {
                kernel = parsed;
            }
            else
            {
                converter.Mistake($"{path}.minKernel", $"{SeccompConverter.Quote(minKernel)} is not a kernel version", "write two numbers, such as \"4.8\"");
            }
        }

        return new ProfileCondition(capabilities, json.Texts(element, path, "arches"), kernel);
    }

    /// <summary>Whether a rule that includes this holds: every part has to.</summary>
    internal bool AllHold(CapabilitySet capabilities, Architecture architecture, KernelVersion kernel) =>
        capabilities.Contains(Capabilities)
        && (Arches.Count == 0 || Arches.Contains(DockerName(architecture)))
        && (MinKernel is not { } min || kernel >= min);

    /// <summary>Whether a rule that excludes this falls away: one part, or one capability, suffices.</summary>
    internal bool AnyHolds(CapabilitySet capabilities, Architecture architecture, KernelVersion kernel) =>
        capabilities.Intersect(Capabilities) != CapabilitySet.None
        || Arches.Contains(DockerName(architecture))
        || (MinKernel is { } min && kernel >= min);

    // moby/profiles: Go's architecture, by libseccomp's name for it.
    private static string DockerName(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.X86 => "x86",
        Architecture.Arm64 => "arm64",
        Architecture.Arm => "arm",
        Architecture.S390x => "s390x",
        Architecture.Ppc64le => "ppc64le",
        Architecture.RiscV64 => "riscv64",
        Architecture.LoongArch64 => "loongarch64",
        _ => "",
    };
}
