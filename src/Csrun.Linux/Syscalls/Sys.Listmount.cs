using System.Collections.Immutable;
using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>listmount(2), since Linux 6.8: the unique IDs of all mounts of a mount namespace.</summary>
    /// <param name="mountNamespace">The namespace's ID (<see cref="NsGetMntnsId"/>, since Linux 6.11); 0 for csrun's own.</param>
    /// <param name="ids">The IDs.</param>
    public static SysResult Listmount(ulong mountNamespace, out ImmutableArray<ulong> ids)
    {
        const ulong Root = ulong.MaxValue; // LSMT_ROOT
        ImmutableArray<ulong>.Builder found = ImmutableArray.CreateBuilder<ulong>();
        ulong[] page = new ulong[512];
        ulong* request = stackalloc ulong[RequestSize / 8] { RequestSize, Root, 0, mountNamespace };
        SysResult result;
        do
        {
            request[2] = found.Count == 0 ? 0 : found[^1];
            // SAFETY: the request has the 32 bytes it says; the array is pinned for the call and passed with its length.
            fixed (ulong* p = page)
            {
                result = Retry(Syscall.listmount, (nint)request, (nint)p, page.Length, 0);
            }

            for (int i = 0; result.Ok && i < result.Int; i++)
            {
                found.Add(page[i]);
            }
        }
        while (result.Ok && result.Int == page.Length);
        ids = found.DrainToImmutable();
        return result;
    }
}
