using System.Text;
using System.Text.Json;
using Csrun.Commands;
using Csrun.Linux.Seccomp;
using Csrun.Oci;
using Csrun.Plan.Features;
using Csrun.Terminal;

namespace Csrun.Engine.Lifecycle;

/// <summary><c>csrun features</c>: the features structure of the runtime-spec (features.md, features-linux.md).</summary>
internal static class FeaturesVerb
{
    /// <summary>Prints it.</summary>
    internal static int Run()
    {
        FdWriter.Stdout.Write(Text(SupportedFeatures.Find(), SeccompCompiler.LibraryVersion()));
        FdWriter.Stdout.Flush();
        return 0;
    }

    /// <summary>The structure as JSON, in runc's order.</summary>
    /// <param name="features">What csrun can do.</param>
    /// <param name="libseccomp">The library's version; null where there is none.</param>
    internal static string Text(SupportedFeatures features, string? libseccomp)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, IndentSize = 4, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("ociVersionMin", SpecVersion.First);
            json.WriteString("ociVersionMax", SpecVersion.Current);
            List(json, "hooks", features.Hooks);
            List(json, "mountOptions", features.MountOptions);
            json.WriteStartObject("linux");
            Linux(json, features);
            json.WriteEndObject();
            json.WriteStartObject("annotations");
            if (libseccomp is not null)
            {
                json.WriteString("io.github.seccomp.libseccomp.version", libseccomp);
            }

            json.WriteString("org.csrun.version", VersionCommand.Version);
            json.WriteEndObject();
            List(json, "potentiallyUnsafeConfigAnnotations", features.UnsafeAnnotations);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void Linux(Utf8JsonWriter json, SupportedFeatures features)
    {
        List(json, "namespaces", features.Namespaces);
        List(json, "capabilities", features.Capabilities);
        // The drivers and hierarchies that Plan/Cgroups/CgroupPlanner.cs knows.
        Flags(json, "cgroup", ("v1", true), ("v2", true), ("systemd", true), ("systemdUser", true), ("rdma", features.Rdma));
        json.WriteStartObject("seccomp");
        json.WriteBoolean("enabled", true);
        List(json, "actions", features.SeccompActions);
        List(json, "operators", features.SeccompOperators);
        List(json, "archs", features.SeccompArchitectures);
        List(json, "knownFlags", features.SeccompKnownFlags);
        List(json, "supportedFlags", features.SeccompSupportedFlags);
        json.WriteEndObject();
        Flags(json, "apparmor", ("enabled", features.AppArmor));
        Flags(json, "selinux", ("enabled", features.Selinux));
        Flags(json, "intelRdt", ("enabled", features.IntelRdt));
        json.WriteStartObject("mountExtensions");
        Flags(json, "idmap", ("enabled", features.IdMappedMounts));
        json.WriteEndObject();
    }

    private static void Flags(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Name, bool Value)> flags)
    {
        json.WriteStartObject(name);
        foreach ((string flag, bool value) in flags)
        {
            json.WriteBoolean(flag, value);
        }

        json.WriteEndObject();
    }

    private static void List(Utf8JsonWriter json, string name, IReadOnlyList<string> words)
    {
        json.WriteStartArray(name);
        foreach (string word in words)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
    }
}
