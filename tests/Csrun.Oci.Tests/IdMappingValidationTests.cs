namespace Csrun.Oci.Tests;

/// <summary>config-linux.md, "User namespace mappings".</summary>
public sealed class IdMappingValidationTests
{
    private static readonly LinuxIdMapping[] s_good = [new(0, 100000, 65536)];

    private static IReadOnlyList<ConfigMistake> Check(params LinuxIdMapping[] uids) =>
        SpecValidator.Validate(Config.WithLinux(new LinuxConfig { Namespaces = Config.Namespaces("user"), UidMappings = uids, GidMappings = s_good }));

    [Fact]
    public void Mappings_need_a_user_namespace()
    {
        ConfigMistake mistake = Config.OnlyMistake(Config.WithLinux(new LinuxConfig { UidMappings = s_good, GidMappings = s_good }));
        Assert.Equal("$.linux.uidMappings", mistake.JsonPath);
        Assert.Contains("\"user\"", mistake.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Users_and_groups_are_mapped_together()
    {
        LinuxConfig linux = new() { Namespaces = Config.Namespaces("user") };
        Assert.Empty(SpecValidator.Validate(Config.WithLinux(linux)));
        Assert.Equal("$.linux.gidMappings", Config.OnlyMistake(Config.WithLinux(linux with { UidMappings = s_good })).JsonPath);
        Assert.Equal("$.linux.uidMappings", Config.OnlyMistake(Config.WithLinux(linux with { GidMappings = s_good })).JsonPath);
    }

    [Fact]
    public void Sizes_are_positive() =>
        Assert.Equal("$.linux.uidMappings[1].size", Assert.Single(Check(new(0, 1000, 1), new(1, 100000, 0))).JsonPath);

    [Theory]
    [InlineData(0u, 0u, uint.MaxValue, null)]
    [InlineData(4294967294u, 0u, 1u, null)]
    [InlineData(4294967295u, 0u, 1u, "containerID")]
    [InlineData(0u, 4294967295u, 1u, "hostID")]
    [InlineData(1u, 0u, uint.MaxValue, "containerID")]
    [InlineData(0u, 4294901761u, 65536u, "hostID")]
    [InlineData(0u, 4294901759u, 65536u, null)]
    public void Ranges_end_below_the_last_32_bit_number(uint container, uint host, uint size, string? side)
    {
        Spec spec = Config.WithLinux(new LinuxConfig { Namespaces = Config.Namespaces("user"), UidMappings = [new(container, host, size)], GidMappings = s_good });
        spec = spec with { Process = spec.Process! with { User = new User { Uid = container == uint.MaxValue ? 0 : container } } };
        // uid 0 of the process may lie outside such a mapping: not what is tested here.
        IEnumerable<ConfigMistake> mistakes = SpecValidator.Validate(spec).Where(m => !m.JsonPath.StartsWith("$.process", StringComparison.Ordinal));
        Assert.Equal(side is null ? [] : [$"$.linux.uidMappings[0].{side}"], mistakes.Select(m => m.JsonPath));
    }

    [Fact]
    public void Overlaps_name_both_entries_and_the_IDs()
    {
        ConfigMistake container = Assert.Single(Check(new(0, 1000, 1), new(1, 100000, 100), new(100, 300000, 10)));
        Assert.Equal("$.linux.uidMappings[2].containerID", container.JsonPath);
        Assert.Equal("overlaps with entry [1]: both have ID 100", container.Problem);

        ConfigMistake host = Assert.Single(Check(new(0, 100050, 1), new(1, 100000, 100)));
        Assert.Equal("$.linux.uidMappings[1].hostID", host.JsonPath);
        Assert.Equal("overlaps with entry [0]: both have ID 100050", host.Problem);

        ConfigMistake range = Assert.Single(Check(new(0, 5, 10), new(5, 100, 10)));
        Assert.Contains("IDs 5 to 9", range.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Adjacent_ranges_do_not_overlap() =>
        Assert.Empty(Check(new(0, 1000, 1), new(1, 100000, 65536), new(65537, 1001, 1), new(65538, 165536, 10)));

    [Theory]
    [InlineData(340, 0)]
    [InlineData(341, 1)]
    public void The_kernel_takes_340_entries(uint count, int mistakes)
    {
        LinuxIdMapping[] mappings = new LinuxIdMapping[count];
        for (uint i = 0; i < count; i++)
        {
            mappings[i] = new(i, 100000 + (2 * i), 1);
        }

        IReadOnlyList<ConfigMistake> found = Check(mappings);
        Assert.Equal(mistakes, found.Count);
        Assert.All(found, m => Assert.Equal("$.linux.uidMappings", m.JsonPath));
    }
}
