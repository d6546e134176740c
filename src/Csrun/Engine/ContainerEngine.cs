using Csrun.Commands;
using Csrun.Linux;
using Csrun.Plan.Requests;
using Csrun.Runtime.Launch;

namespace Csrun.Engine;

/// <summary>What the verbs do, each in a file of its own.</summary>
internal sealed partial class ContainerEngine(Supervision? supervision) : IEngine
{
    private string[] _args = [];

    public void BeforeReading(ReadOnlySpan<string> args)
    {
        _args = [.. args];
        if (SealedExecutable.IsProbablyWritable(args) && !SealedExecutable.IsSealed)
        {
            SealedExecutable.Replace();
        }
    }

    public int Run(RunRequest request, GlobalOptions options)
    {
        NotYet.Check(request);
        return Diagnosed(options, () => RunContainer.Run(request, options, supervision));
    }

    // The host refused something: which of its gates is closed says more than one errno.
    private static int Diagnosed(GlobalOptions options, Func<int> verb)
    {
        try
        {
            return verb();
        }
        catch (CsrunException failure) when (failure.Gates.Count != 0)
        {
            throw DoctorVerb.Explain(failure, options);
        }
    }

    public int Images(bool quiet, bool json, GlobalOptions options) => ImageVerbs.List(new Caller(options), quiet, json);

    public int ImageUnpack(string image, string directory, GlobalOptions options) => ImageVerbs.Unpack(new Caller(options), image, directory);

    public int ImageRemove(IReadOnlyList<string> images, bool all, GlobalOptions options) => ImageVerbs.Remove(new Caller(options), images, all);
}
