using Csrun.Oci;

namespace Csrun.Plan.Cgroups;

/// <summary>Controller memory (kernel documentation, cgroup-v1/memory.rst and cgroup-v2.rst).</summary>
internal static class MemoryWrites
{
    private const string At = $"{CgroupWriteList.At}.memory";
    private const string Counted = "this kernel has no limit for the kernel's memory alone any more: it counts against memory.limit";

    internal static void Add(MemoryResources? memory, CgroupPresent present, CgroupWriteList list)
    {
        if (memory is null)
        {
            return;
        }

        if (memory is { CheckBeforeUpdate: true, Limit: { } limit } && limit > 0 && (ulong)limit < present.MemoryUsage)
        {
            list.Refuse($"{At}.limit", $"{limit} bytes are less than the {present.MemoryUsage} in use, and checkBeforeUpdate asks not to reclaim or kill for it", "choose a higher limit, or leave checkBeforeUpdate out");
        }

        if (list.Unified)
        {
            V2(memory, present, list);
        }
        else
        {
            V1(memory, present, list);
        }
    }

    private static void V1(MemoryResources memory, CgroupPresent present, CgroupWriteList list)
    {
        long limit = memory.Limit ?? 0;
        // Unlimited memory and a limit of both together would contradict each other.
        long swap = limit == -1 && memory.Swap is null or 0 && present.SwapAccounting ? -1 : memory.Swap ?? 0;
        CgroupWrite? ofMemory = limit == 0 ? null : new CgroupWrite("memory", "memory.limit_in_bytes", CgroupWriteList.Number(limit), $"{At}.limit");
        CgroupWrite? ofBoth = swap == 0 ? null : new CgroupWrite("memory", "memory.memsw.limit_in_bytes", CgroupWriteList.Number(swap), $"{At}.swap") { MayBeMissing = swap == -1 };
        // The kernel refuses, at each moment, a limit of memory above the limit of memory and swap together.
        bool raises = limit != 0 && (swap == -1 || (swap != 0 && present.MemoryLimit < (ulong)swap));
        foreach (CgroupWrite? write in raises ? (ReadOnlySpan<CgroupWrite?>)[ofBoth, ofMemory] : [ofMemory, ofBoth])
        {
            if (write is not null)
            {
                list.Add(write);
            }
        }

        if (memory.Reservation is not null and not 0)
        {
            list.Add("memory", "memory.soft_limit_in_bytes", memory.Reservation.Value, "memory.reservation");
        }

        if (memory.Kernel is not null and not 0)
        {
            list.Add(new CgroupWrite("memory", "memory.kmem.limit_in_bytes", CgroupWriteList.Number(memory.Kernel.Value), $"{At}.kernel") { NoteIfUnsupported = Counted });
        }

        if (memory.KernelTcp is not null and not 0)
        {
            list.Add(new CgroupWrite("memory", "memory.kmem.tcp.limit_in_bytes", CgroupWriteList.Number(memory.KernelTcp.Value), $"{At}.kernelTCP") { NoteIfUnsupported = Counted });
        }

        if (memory.DisableOomKiller == true)
        {
            list.Add("memory", "memory.oom_control", 1, "memory.disableOOMKiller");
        }

        if (memory.Swappiness is { } swappiness)
        {
            list.Add("memory", "memory.swappiness", (long)swappiness, "memory.swappiness");
        }

        if (memory.UseHierarchy == false)
        {
            list.Refuse($"{At}.useHierarchy", "accounting is hierarchical always, since Linux 5.11", "remove it from the configuration");
        }
    }

    private static void V2(MemoryResources memory, CgroupPresent present, CgroupWriteList list)
    {
        long limit = memory.Limit ?? 0;
        long swap = memory.Swap ?? 0;
        if (swap > 0 && limit <= 0)
        {
            list.Refuse($"{At}.swap", "a limit of memory and swap together needs a memory limit", "set memory.limit too");
        }
        else if (swap != 0 || limit == -1)
        {
            // Version 2 counts swap alone.
            long alone = swap is 0 or -1 ? -1 : swap - limit;
            list.Add(new CgroupWrite("memory", "memory.swap.max", CgroupWriteList.Limit(alone), $"{At}.swap") { MayBeMissing = alone == -1 });
        }

        if (limit != 0)
        {
            list.Add(new CgroupWrite("memory", "memory.max", CgroupWriteList.Limit(limit), $"{At}.limit"));
        }

        if (memory.Reservation is not null and not 0)
        {
            list.Add(new CgroupWrite("memory", "memory.low", CgroupWriteList.Limit(memory.Reservation.Value), $"{At}.reservation"));
        }

        OnlyV1(memory.Kernel is > 0, "memory.kernel", "a limit of the kernel's memory", list);
        OnlyV1(memory.KernelTcp is > 0, "memory.kernelTCP", "a limit of the memory of TCP buffers", list);
        OnlyV1(memory.Swappiness is not null, "memory.swappiness", "swappiness", list);
        OnlyV1(memory.DisableOomKiller == true, "memory.disableOOMKiller", "switching the out-of-memory killer off", list);
        OnlyV1(memory.UseHierarchy == false, "memory.useHierarchy", "accounting that is not hierarchical", list);
    }

    private static void OnlyV1(bool asked, string property, string what, CgroupWriteList list)
    {
        if (asked)
        {
            list.OnlyInOtherVersion(property, what);
        }
    }
}
