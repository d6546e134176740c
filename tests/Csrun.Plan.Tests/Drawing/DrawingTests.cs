using System.Globalization;
using System.Xml.Linq;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Drawing;

namespace Csrun.Plan.Tests.Drawing;

/// <summary>The drawings are XML, show what they are given, and hold whatever names look like.</summary>
public sealed class DrawingTests
{
    private const string Hostile = "</text><script>alert(1)</script>\"' onload='x' &amp; \u001b[31m \ud800 \uffff \u202e ]]> <!--";
    private static readonly IdMap s_map = IdMap.Parse("0:100000:65536");
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData("a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;")]
    [InlineData("tab\tnl\n\u001b\u0000\u007f", "tab\\x09nl\\x0a\\x1b\\x00\\x7f")]
    [InlineData("日本語 😀", "日本語 😀")]
    public void Text_is_escaped(string text, string expected) => Assert.Equal(expected, Markup.Escape(text));

    // Not by InlineData, which stores its texts as UTF-8.
    [Fact]
    public void What_xml_cannot_hold_shows_by_its_number() =>
        Assert.Equal("\\ud800x\\udc00 \\ufffe\\uffff \\u202e\\u2066", Markup.Escape("\ud800x\udc00 \ufffe\uffff \u202e\u2066"));

    [Fact]
    public void Cutting_does_not_break_a_pair() => Assert.Equal("abc…", Markup.Short("abc😀def", 5));

    [Fact]
    public void The_way_shows_each_place_both_directions_and_both_maps()
    {
        XElement svg = XElement.Parse(IdWayDrawing.Wide([Picture(42)], "svg { }"));
        string[] texts = [.. svg.Descendants(s_svg + "text").Select(t => t.Value)];

        Assert.Equal(["42", "100042", "42"], texts.Where(t => t.All(char.IsAsciiDigit)));
        Assert.Contains("on disk", texts);
        Assert.Contains("in the container", texts);
        Assert.Equal(2, texts.Count(t => t == "0–65535 ↔ 100000–165535"));
        Assert.Equal(2, svg.Descendants(s_svg + "line").Count(l => l.Attribute("class")!.Value == "reading"));
        Assert.Equal(2, svg.Descendants(s_svg + "line").Count(l => l.Attribute("class")!.Value == "writing"));
        Assert.Equal("a file: user 42 on disk, 100042 on the host, 42 in the container", svg.Element(s_svg + "title")!.Value);
    }

    [Fact]
    public void A_hole_is_said_where_it_is()
    {
        IdWayPicture picture = Picture(70000) with { Consequences = ["user 70000 on disk is not in the mount's map: such a file shows as 65534 (nobody), and nobody can write to it"] };
        string[] texts = [.. XElement.Parse(IdWayDrawing.Wide([picture], null)).Descendants(s_svg + "text").Select(t => t.Value)];

        Assert.Contains("70000", texts);
        Assert.Equal(2, texts.Count(t => t == "65534 (nobody)"));
        Assert.Contains(texts, t => t.StartsWith("user 70000 on disk is not in", StringComparison.Ordinal));
        Assert.Contains("?", XElement.Parse(IdWayDrawing.Narrow(picture with { DiskUnknown = true, Ways = [picture.Ways[0] with { Disk = null }] })).Descendants(s_svg + "text").Select(t => t.Value));
    }

    [Fact]
    public void Names_stay_text()
    {
        IdWayPicture picture = Picture(1) with { Title = Hostile, MountMap = [Hostile], ContainerMap = [Hostile], Consequences = [Hostile] };
        foreach (string drawing in (string[])[IdWayDrawing.Wide([picture, picture], "svg { }"), IdWayDrawing.Narrow(picture)])
        {
            XElement svg = XElement.Parse(drawing);
            Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "script" or "foreignObject" or "image" or "a" or "use");
            Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase) || a.Name.LocalName == "href");
            Assert.Contains(svg.Descendants(s_svg + "text"), t => t.Value.StartsWith("</text><script>", StringComparison.Ordinal));
        }
    }

    /// <summary>No text is wider than the drawing: fixed-width ones are made smaller, others are cut or wrapped.</summary>
    [Fact]
    public void Everything_lies_within_the_drawing()
    {
        IdMap large = new([new IdMapping(4294967290, 4294967280, 4), new IdMapping(0, 100000, 65536), new IdMapping(65536, 1000000000, 1000000000), new IdMapping(2000000000, 3000000000, 10), new IdMapping(2000000010, 3500000000, 1)]);
        IdWayPicture picture = Picture(4294967291) with { MountMap = IdWayPicture.Lines(large, IdMap.Empty), ContainerMap = IdWayPicture.Lines(large, large), Title = new string('w', 300), Consequences = [string.Concat(Enumerable.Repeat("word ", 60))] };
        foreach (string drawing in (string[])[IdWayDrawing.Wide([picture, Picture(0)], null), IdWayDrawing.Narrow(picture), MapDrawing.Draw("uid_map", large, 1000), MapDrawing.Draw("gid_map", IdMap.Empty, 1000)])
        {
            XElement svg = XElement.Parse(drawing);
            double[] box = [.. svg.Attribute("viewBox")!.Value.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
            foreach (XElement shape in svg.Descendants().Where(e => e.Attribute("x") is not null))
            {
                double x = Number(shape, "x"), y = Number(shape, "y");
                double width = shape.Attribute("width") is null ? 0 : Number(shape, "width");
                double height = shape.Attribute("height") is null ? 0 : Number(shape, "height");
                if (shape.Attribute("font-size") is not null)
                {
                    width = Number(shape, "font-size") * 0.605 * shape.Value.Length;
                    x -= shape.Attribute("text-anchor")!.Value switch { "end" => width, "middle" => width / 2, _ => 0 };
                    Assert.True(Number(shape, "font-size") >= 7, $"{shape}: too small to read");
                }

                Assert.InRange(x, 0, box[2]);
                Assert.InRange(x + width, 0, box[2] + 0.5);
                Assert.InRange(y + height, 0, box[3]);
            }
        }
    }

    [Fact]
    public void A_maps_band_is_thicker_the_more_ids_and_the_own_one_is_marked()
    {
        XElement svg = XElement.Parse(MapDrawing.Draw("uid_map", IdMap.Parse("0:1001:1,1:100000:65536"), 1001));
        XElement[] bands = [.. svg.Descendants(s_svg + "path")];

        Assert.Equal(["band own", "band"], bands.Select(b => b.Attribute("class")!.Value));
        Assert.Contains("you", svg.Descendants(s_svg + "text").Select(t => t.Value));
        Assert.Contains("1–65536", svg.Descendants(s_svg + "text").Select(t => t.Value));
        Assert.Contains("100000–165535", svg.Descendants(s_svg + "text").Select(t => t.Value));
    }

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static IdWayPicture Picture(uint id)
    {
        IdMapPair maps = new(s_map, s_map);
        return new IdWayPicture("a file", [IdWay.Follow(false, IdPlace.Disk, id, new MountIds(maps), maps)], IdWayPicture.Lines(s_map, s_map), IdWayPicture.Lines(s_map, s_map), false, []);
    }
}
