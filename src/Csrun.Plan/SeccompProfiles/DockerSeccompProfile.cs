using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;
using Csrun.Oci;

namespace Csrun.Plan.SeccompProfiles;

/// <summary>Reads the file of <c>--security-opt seccomp=FILE</c>: Docker's format, in which rules may depend on capabilities,
/// architecture and kernel; an OCI linux.seccomp object is the same without those.</summary>
/// <remarks>docs.docker.com/engine/security/seccomp, moby/profiles; OCI runtime-spec 1.2, config-linux.md, "Seccomp".</remarks>
public static class DockerSeccompProfile
{
    /// <summary>Largest accepted file, in bytes; Docker's default profile is of 15 KiB.</summary>
    public const int SizeLimit = 4 * 1024 * 1024;

    /// <summary>Reads a profile and keeps the rules that hold here. Mistakes in the others are reported as well.</summary>
    /// <param name="json">The file's bytes, UTF-8.</param>
    /// <param name="capabilities">The container's bounding set.</param>
    /// <param name="architecture">The machine's architecture.</param>
    /// <param name="kernel">The machine's kernel.</param>
    public static SeccompReading Read(
        ReadOnlyMemory<byte> json, CapabilitySet capabilities, Architecture architecture, KernelVersion kernel)
    {
        if (json.Length > SizeLimit)
        {
            return Failed($"{json.Length} bytes, more than the limit of {SizeLimit}", null);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Read(document.RootElement, capabilities, architecture, kernel);
        }
        catch (JsonException e)
        {
            TextPosition at = new((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            return Failed("the file is not JSON", at);
        }
        catch (InvalidOperationException)
        {
            // What System.Text.Json throws when a string turns out not to be UTF-8, or half a surrogate pair.
            return Failed("a string is not UTF-8", null);
        }

        static SeccompReading Failed(string problem, TextPosition? at) =>
            new(null, [new ConfigMistake("$", problem, null) { Position = at }]);
    }

    private static SeccompReading Read(JsonElement root, CapabilitySet capabilities, Architecture architecture, KernelVersion kernel)
    {
        SeccompConverter converter = new();
        ProfileJson json = new(converter);
        if (!json.IsObject(root, "$"))
        {
            return new SeccompReading(null, converter.Mistakes);
        }

        string defaultAction = json.Text(root, "$", "defaultAction");
        if (!json.Has(root, "defaultAction", out _) && !json.Has(root, "syscalls", out _))
        {
            converter.Mistake("$", "neither defaultAction nor syscalls: not a seccomp profile",
                "for no filter: csrun run --security-opt seccomp=unconfined ...");
            return new SeccompReading(null, converter.Mistakes);
        }

        ScmpAct action = converter.Action("$.defaultAction", defaultAction);
        ImmutableArray<SeccompRule>.Builder rules = ImmutableArray.CreateBuilder<SeccompRule>();
        SeccompProfile profile = new()
        {
            DefaultAction = action,
            DefaultErrnoRet = converter.ErrnoRet("$.defaultErrnoRet", (uint?)json.Number(root, "$", "defaultErrnoRet", uint.MaxValue), action),
            Architectures = Architectures(json, converter, root, architecture),
            Flags = converter.Flags("$.flags", json.Texts(root, "$", "flags")),
            NotesUnknownCalls = true,
            Rules = [],
        };
        foreach ((JsonElement item, string path) in json.List(root, "$", "syscalls"))
        {
            if (!json.IsObject(item, path))
            {
                continue;
            }

            SeccompRule rule = converter.Rule(path, Syscall(json, converter, item, path));
            ProfileCondition? includes = ProfileCondition.Read(json, converter, item, path, "includes");
            ProfileCondition? excludes = ProfileCondition.Read(json, converter, item, path, "excludes");
            if (includes?.AllHold(capabilities, architecture, kernel) != false
                && excludes?.AnyHolds(capabilities, architecture, kernel) != true)
            {
                rules.Add(rule);
            }
        }

        return converter.Mistakes.Count == 0
            ? new SeccompReading(profile with { Rules = rules.DrainToImmutable() }, [])
            : new SeccompReading(null, converter.Mistakes);
    }

    /// <summary>Either the list of the specification, or Docker's map from each architecture to those whose programs it runs as well.</summary>
    private static ImmutableArray<ScmpArch> Architectures(
        ProfileJson json, SeccompConverter converter, JsonElement root, Architecture architecture)
    {
        ImmutableArray<ScmpArch> list = converter.Architectures("$.architectures", json.Texts(root, "$", "architectures"));
        ImmutableArray<ScmpArch> here = DefaultSeccompProfile.Architectures(architecture);
        ImmutableArray<ScmpArch> mapped = [];
        int entries = 0;
        foreach ((JsonElement item, string path) in json.List(root, "$", "archMap"))
        {
            entries++;
            if (!json.IsObject(item, path))
            {
                continue;
            }

            ScmpArch arch = converter.Word($"{path}.architecture", json.Text(item, path, "architecture"), SeccompWords.Architectures, "a seccomp architecture");
            ImmutableArray<ScmpArch> more = converter.Architectures($"{path}.subArchitectures", json.Texts(item, path, "subArchitectures"));
            if (mapped.IsEmpty && !here.IsEmpty && arch == here[0])
            {
                mapped = [arch, .. more];
            }
        }

        if (entries > 0 && !list.IsEmpty)
        {
            converter.Mistake("$.archMap", "beside architectures; only one of the two can hold", "remove one of them");
        }

        return list.IsEmpty ? mapped : list;
    }

    private static SeccompSyscall Syscall(ProfileJson json, SeccompConverter converter, JsonElement item, string path)
    {
        IReadOnlyList<string> names = json.Texts(item, path, "names");
        string name = json.Text(item, path, "name"); // Docker's older form
        if (name.Length != 0)
        {
            if (names.Count != 0)
            {
                converter.Mistake($"{path}.name", "beside names; only one of the two can hold", "use names");
            }

            names = [name];
        }

        List<Oci.SeccompArg> args = [];
        foreach ((JsonElement arg, string at) in json.List(item, path, "args"))
        {
            if (json.IsObject(arg, at))
            {
                args.Add(new Oci.SeccompArg
                {
                    Index = (uint)(json.Number(arg, at, "index", uint.MaxValue) ?? 0),
                    Value = json.Number(arg, at, "value", ulong.MaxValue) ?? 0,
                    ValueTwo = json.Number(arg, at, "valueTwo", ulong.MaxValue) ?? 0,
                    Op = json.Text(arg, at, "op"),
                });
            }
        }

        return new SeccompSyscall
        {
            Names = names,
            Action = json.Text(item, path, "action"),
            ErrnoRet = (uint?)json.Number(item, path, "errnoRet", uint.MaxValue),
            Args = args,
        };
    }
}
