using System.Security.Cryptography;
using Csrun.Images.Fetching;
using Csrun.Images.Store;
using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Tests;

/// <summary>What tests run in another process: <c>unpack TARBALL DIR [single]</c>, <c>remove DIR NAME</c>, <c>fetch URL FILE</c>, <c>resolve STORE NAME [DIR...]</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        try
        {
            switch (args[0])
            {
                case "fetch":
                    using (FileStream file = File.Create(args[2]))
                    {
                        ImageFetcher.Fetch(args[1], 1 << 20, file.Write, null);
                    }

                    Console.WriteLine(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(args[2]))));
                    return 0;
                case "resolve":
                    Console.WriteLine(new ImageStore(args[1]).Resolve(args[2], MapKey.Host, args[3..]).Digest);
                    return 0;
            }

            using SafeFd directory = Sys.Openat2(null, args[0] == "unpack" ? args[2] : args[1], OpenFlags.O_DIRECTORY).FdOrThrow("openat2");
            if (args[0] == "remove")
            {
                TreeRemoval removal = TreeRemover.Remove(directory, args[2]);
                Console.WriteLine($"{removal.Removed} {removal.FirstFailure} {removal.Errno}");
                return removal.Complete ? 0 : 1;
            }

            using SafeFd tarball = Sys.Openat2(null, args[1], OpenFlags.O_RDONLY).FdOrThrow("openat2", args[1]);
            UnpackResult result = Unpacker.Unpack(tarball, directory, new UnpackOptions { SingleId = args.Length > 3 });
            Console.WriteLine($"entries={result.Entries} devices={result.SkippedDevices} owners={result.DroppedOwners}");
            foreach (string note in result.Notes)
            {
                Console.WriteLine(note);
            }

            return 0;
        }
        catch (CsrunException e)
        {
            Console.Error.WriteLine($"csrun: {e.Message}\n  why: {e.Why}\n  fix: {e.Fix}");
            return e.ExitCode;
        }
    }
}
