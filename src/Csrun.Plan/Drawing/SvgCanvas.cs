using System.Globalization;
using System.Text;

namespace Csrun.Plan.Drawing;

/// <summary>Collects the elements of an SVG drawing. Texts are escaped here and nowhere else.</summary>
public sealed class SvgCanvas
{
    /// <summary>The width of a digit or letter of the fixed-width font in sizes of it.</summary>
    private const double FixedAdvance = 0.605;

    private readonly StringBuilder _elements = new();

    /// <summary>All elements of another drawing.</summary>
    public void Add(SvgCanvas other) => _elements.Append(other._elements);

    /// <summary>A rectangle with round corners.</summary>
    public void Box(double x, double y, double width, double height, string kind, double radius = 10) =>
        _elements.Append(CultureInfo.InvariantCulture, $"<rect class=\"{kind}\" x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" rx=\"{radius:0.#}\"/>\n");

    /// <summary>A line of text.</summary>
    /// <param name="x">Where its anchor is.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">Any text.</param>
    /// <param name="kind">Its class.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    public void Text(double x, double y, string text, string kind, string anchor = "start") =>
        _elements.Append(CultureInfo.InvariantCulture, $"<text class=\"{kind}\" x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Markup.Escape(text)}</text>\n");

    /// <summary>A line of fixed-width text that is made smaller where it would be wider than there is room.</summary>
    public void Fixed(double x, double y, string text, string kind, double size, double room, string anchor = "middle")
    {
        double fitting = Math.Min(size, room / (Math.Max(1, text.Length) * FixedAdvance));
        _elements.Append(CultureInfo.InvariantCulture, $"<text class=\"mono {kind}\" x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{fitting:0.##}\" text-anchor=\"{anchor}\">{Markup.Escape(text)}</text>\n");
    }

    /// <summary>A straight arrow; its head is at the second point.</summary>
    public void Arrow(double x1, double y1, double x2, double y2, string kind)
    {
        double length = Math.Sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1));
        (double ux, double uy) = ((x2 - x1) / length, (y2 - y1) / length);
        (double bx, double by) = (x2 - ux * 11, y2 - uy * 11);
        _elements.Append(CultureInfo.InvariantCulture, $"<line class=\"{kind}\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{bx:0.#}\" y2=\"{by:0.#}\"/>\n");
        _elements.Append(CultureInfo.InvariantCulture, $"<path class=\"{kind} head\" d=\"M{x2:0.#} {y2:0.#} L{bx - uy * 5.5:0.#} {by + ux * 5.5:0.#} L{bx + uy * 5.5:0.#} {by - ux * 5.5:0.#} Z\"/>\n");
    }

    /// <summary>A band between a stretch of the left and one of the right side.</summary>
    public void Band(double x1, double y1, double height1, double x2, double y2, double height2, string kind) =>
        _elements.Append(CultureInfo.InvariantCulture, $"<path class=\"{kind}\" d=\"M{x1:0.#} {y1:0.#} C{(x1 + x2) / 2:0.#} {y1:0.#} {(x1 + x2) / 2:0.#} {y2:0.#} {x2:0.#} {y2:0.#} V{y2 + height2:0.#} C{(x1 + x2) / 2:0.#} {y2 + height2:0.#} {(x1 + x2) / 2:0.#} {y1 + height1:0.#} {x1:0.#} {y1 + height1:0.#} Z\"/>\n");

    /// <summary>The whole drawing.</summary>
    /// <param name="width">Its width in user units.</param>
    /// <param name="height">Its height.</param>
    /// <param name="title">What it shows, for those who do not see it.</param>
    /// <param name="kind">Its class.</param>
    /// <param name="style">A style sheet of its own, where it stands alone; null within a page that has one.</param>
    public string Document(double width, double height, string title, string kind, string? style)
    {
        string size = style is null ? "" : string.Create(CultureInfo.InvariantCulture, $" width=\"{width:0}\" height=\"{height:0}\"");
        return string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{kind}\" viewBox=\"0 0 {width:0} {height:0}\"{size} role=\"img\">\n<title>{Markup.Escape(title)}</title>\n")
            + (style is null ? "" : $"<style>\n{style}</style>\n")
            + _elements
            + "</svg>\n";
    }
}
