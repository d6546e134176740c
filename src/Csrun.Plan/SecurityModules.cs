namespace Csrun.Plan;

/// <summary>Which of the kernel's security modules are active, whose profiles and labels a configuration can name.</summary>
/// <param name="AppArmor">Whether <c>process.apparmorProfile</c> can be set.</param>
/// <param name="Selinux">Whether <c>process.selinuxLabel</c> and <c>linux.mountLabel</c> can be set.</param>
public readonly record struct SecurityModules(bool AppArmor, bool Selinux);
