using System.Collections.Immutable;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>AppArmor's profile and SELinux's labels (runtime-spec config.md, "Linux Process"; config-linux.md, "Mount Label").</summary>
internal static class LabelPlanner
{
    // Where the kernel takes context= also from a user namespace (security/selinux/hooks.c, selinux_set_mnt_opts); proc and sysfs have
    // labels of their own, and so have directories that are bound.
    private static readonly string[] s_labelled = ["tmpfs", "devpts", "overlay"];

    /// <summary>What csrun has to hand over for <see cref="Apply"/>.</summary>
    public static ImmutableArray<SentDescriptor> Descriptors(LaunchRequest request) => Asks(request) ? [new HostProcfs()] : [];

    /// <summary>Sets what holds from execve on; before any hook in the container nothing is executed any more.</summary>
    /// <param name="context">The launch.</param>
    /// <param name="received">The slot of <see cref="Descriptors"/>, when there is one.</param>
    public static void Apply(PlanContext context, FdSlot? received)
    {
        if (received is not { } procfs)
        {
            return;
        }

        PlanBuilder plan = context.Builder;
        Process process = context.Spec.Process!;
        if (Profile(context.Request) is { } profile)
        {
            plan.Child(new ExecAttributeOp(procfs, ExecAttribute.AppArmorProfile, profile, plan.NewSlot("attr/apparmor/exec")), "the AppArmor profile that was asked for, from execve on", "the container would have csrun's own profile, or none");
        }

        if (process.SelinuxLabel is { Length: > 0 } label)
        {
            if (!context.Request.KeepsKeyring)
            {
                plan.Child(new ExecAttributeOp(procfs, ExecAttribute.SelinuxKeyLabel, label, plan.NewSlot("attr/keycreate")), "the session keyring, which is made next, has the container's label", "the container could not use its own session keyring: it would have csrun's label");
            }

            plan.Child(new ExecAttributeOp(procfs, ExecAttribute.SelinuxLabel, label, plan.NewSlot("attr/exec")), "the SELinux label that was asked for, from execve on", "the container would run as csrun's own type, which may do more on the host");
        }

        plan.Child(new CloseOp(procfs), "not needed any more", "the host's /proc would be open to what comes next");
    }

    /// <summary>The steps with the label on each file system of the container's own.</summary>
    public static ImmutableArray<Step> WithMountLabel(ImmutableArray<Step> steps, string? label)
    {
        if (string.IsNullOrEmpty(label))
        {
            return steps;
        }

        FilesystemOption context = new("context", label);
        return [.. steps.Select(step => step is ChildStep { Op: NewFilesystemOp made } child && Array.IndexOf(s_labelled, made.Type) >= 0
            ? child with { Op = made with { Options = made.Options.Add(context) } }
            : step)];
    }

    private static bool Asks(LaunchRequest request) => Profile(request) is not null || request.Spec.Process?.SelinuxLabel is { Length: > 0 };

    // Without AppArmor every process is unconfined.
    private static string? Profile(LaunchRequest request) =>
        request.Spec.Process?.ApparmorProfile is { Length: > 0 } profile && (profile != UnsupportedFeatures.Unconfined || request.Facts.Modules.AppArmor) ? profile : null;
}
