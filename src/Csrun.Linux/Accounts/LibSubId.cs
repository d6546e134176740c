using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

/// <summary>shadow's libsubid, which asks the <c>subid:</c> source of nsswitch.conf(5). Loaded only when that source is not the files.</summary>
/// <remarks>Version 4 gave the functions the prefix subid_; struct subid_range is two unsigned longs in all versions.</remarks>
internal static unsafe class LibSubId
{
    // The newest first: where several are installed, plug-ins are built for the newest.
    private static ReadOnlySpan<string> Names => new[] { "libsubid.so.5", "libsubid.so.4", "libsubid.so.3" };

    /// <summary>A user's ranges, or the reason why libsubid could not tell.</summary>
    /// <param name="owner">The user's name, or its ID in digits.</param>
    /// <param name="uids">The user IDs; none when the source has none for the user.</param>
    /// <param name="gids">The group IDs; none when the source has none for the user.</param>
    /// <param name="why">Why there is no answer; null when there is one.</param>
    public static bool TryGetRanges(string owner, out ImmutableArray<IdRange> uids, out ImmutableArray<IdRange> gids, out string? why)
    {
        uids = gids = [];
        nint library = 0;
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out library))
            {
                break;
            }
        }

        if (library == 0)
        {
            why = "libsubid is not installed";
            return false;
        }

        // Its own messages would go to stderr between ours: without a stream they go to /dev/null, which it opens for good.
        if (NativeLibrary.TryGetExport(library, "subid_init", out nint init) || NativeLibrary.TryGetExport(library, "libsubid_init", out init))
        {
            // SAFETY: bool subid_init(const char *progname, FILE *logfd); both may be NULL (shadow/subid.h).
            ((delegate* unmanaged<byte*, void*, byte>)init)(null, null);
        }

        return TryGet(library, "subid_get_uid_ranges", "get_subuid_ranges", owner, out uids, out why)
            && TryGet(library, "subid_get_gid_ranges", "get_subgid_ranges", owner, out gids, out why);
    }

    private static bool TryGet(nint library, string function, string olderName, string owner, out ImmutableArray<IdRange> ranges, out string? why)
    {
        ranges = [];
        if (!NativeLibrary.TryGetExport(library, function, out nint get) && !NativeLibrary.TryGetExport(library, olderName, out get))
        {
            why = $"libsubid has no {function}";
            return false;
        }

        SubIdRange* array = null;
        int count;
        // SAFETY: int subid_get_uid_ranges(const char *owner, struct subid_range **ranges); the string is pinned and ends with a zero.
        fixed (byte* name = Sys.CString(owner))
        {
            count = ((delegate* unmanaged<byte*, SubIdRange**, int>)get)(name, &array);
        }

        if (count < 0)
        {
            why = $"libsubid answered an error for {owner}";
            return false;
        }

        ImmutableArray<IdRange>.Builder found = ImmutableArray.CreateBuilder<IdRange>(count);
        for (int i = 0; i < count; i++)
        {
            // SAFETY: the library says that the array has this many elements.
            SubIdRange range = array[i];
            if (range.start < uint.MaxValue && range.count != 0 && range.count <= uint.MaxValue - range.start)
            {
                found.Add(new IdRange((uint)range.start, (uint)range.count));
            }
        }

        // SAFETY: the array comes from malloc and is the caller's to free (shadow/subid.h); null is fine.
        NativeMemory.Free(array);
        ranges = found.DrainToImmutable().Distinct();
        why = null;
        return true;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SubIdRange
    {
        public nuint start;
        public nuint count;
    }
}
