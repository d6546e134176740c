using Csrun.Linux;
using Csrun.Oci;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Tests.Requests;

public sealed class LimitsSpecTests
{
    [Theory]
    [InlineData("--memory=64m", 67108864L, 134217728L)]
    [InlineData("--memory=64m --memory-swap=-1", 67108864L, -1L)]
    [InlineData("--memory=64m --memory-swap=64m", 67108864L, 67108864L)]
    [InlineData("--memory=-1", -1L, null)]
    public void A_new_container_has_as_much_swap_as_memory(string options, long limit, long? swap)
    {
        MemoryResources memory = Parse(options, isNew: true).Resources.Memory!;
        Assert.Equal((limit, swap), (memory.Limit, memory.Swap));
    }

    [Fact]
    public void An_update_changes_what_is_named_alone()
    {
        Assert.Null(Parse("--memory=64m", isNew: false).Resources.Memory!.Swap);
        Resources basis = new() { Pids = new PidsResources { Limit = 5 }, Memory = new MemoryResources { Limit = 1, Swap = 2 }, Cpu = new CpuResources { Shares = 7 } };
        Resources merged = Parse("--memory=64m --cpus=0.5", isNew: false).Over(basis);
        Assert.Equal((67108864L, 2L, 5L, 7UL, 50000L, 100000UL), (merged.Memory!.Limit, merged.Memory.Swap, merged.Pids!.Limit, merged.Cpu!.Shares, merged.Cpu.Quota, merged.Cpu.Period));
    }

    [Theory]
    [InlineData("--pids-limit=0", -1L)]
    [InlineData("--pids-limit=-1", -1L)]
    [InlineData("--pids-limit=7", 7L)]
    public void No_processes_at_all_means_any_number(string options, long limit) => Assert.Equal(limit, Parse(options, isNew: true).Resources.Pids!.Limit);

    [Fact]
    public void A_new_containers_memory_has_a_least()
    {
        CsrunException failure = Assert.Throws<CsrunException>(() => Parse("--memory=6291455", isNew: true));
        Assert.Contains("--memory", failure.Message, StringComparison.Ordinal);
        Assert.Contains("6m is the least", failure.Why, StringComparison.Ordinal);
        Assert.Equal(6291456, Parse("--memory=6m", isNew: true).Resources.Memory!.Limit);
        Assert.Equal(1024, Parse("--memory=1k", isNew: false).Resources.Memory!.Limit);
    }

    private static LimitsSpec Parse(string options, bool isNew)
    {
        Dictionary<string, string> values = options.Split(' ').Select(o => o.Split('=')).ToDictionary(o => o[0], o => o[1]);
        return LimitsSpec.Parse(name => values.GetValueOrDefault(name), isNew);
    }
}
