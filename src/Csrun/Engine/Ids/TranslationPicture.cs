using Csrun.Linux.IdMaps;
using Csrun.Plan.Drawing;

namespace Csrun.Engine.Ids;

/// <summary>Translations as an SVG drawing.</summary>
internal static class TranslationPicture
{
    /// <summary>One document for all of them.</summary>
    internal static string Svg(IReadOnlyList<Translation> translations) =>
        IdWayDrawing.Wide([.. translations.Select(Picture)], DrawingStyle.Colours("svg") + DrawingStyle.Classes);

    private static IdWayPicture Picture(Translation translation) => new(
        translation.Path ?? string.Join(" and ", translation.Ways.Select(w => $"{TranslationText.Kind(w)} {w.Id} {Place(w.From)}")),
        translation.Ways,
        translation.MountUnknown ? ["ID-mapped; the kernel", "does not tell the map"]
            : translation.Mount is { } mount ? IdWayPicture.Lines(mount.Uid, mount.Gid)
            : ["not ID-mapped:", "each ID is itself"],
        IdWayPicture.Lines(translation.Container.Uid, translation.Container.Gid),
        translation.MountUnknown,
        [.. TranslationText.Consequences(translation)]);

    private static string Place(IdPlace place) => place switch
    {
        IdPlace.Disk => "on disk",
        IdPlace.Mount => "as mounted",
        IdPlace.Host => "on the host",
        _ => "in the container",
    };
}
