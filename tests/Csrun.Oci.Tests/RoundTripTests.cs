using System.Text;

namespace Csrun.Oci.Tests;

/// <summary>What is written reads back the same.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void Every_property_survives_reading_and_writing()
    {
        // AllProperties.json names each property of the specification for Linux once, in the order they are written.
        byte[] json = File.ReadAllBytes(Config.RepositoryFile("tests/Csrun.Oci.Tests/AllProperties.json"));

        SpecReadResult result = SpecReader.Read(json, "AllProperties.json");

        Assert.Empty(result.Mistakes);
        Assert.Empty(result.Warnings);
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(SpecWriter.Write(result.Spec!)));
    }

    [Fact]
    public void The_test_document_leaves_no_property_of_the_records_unset()
    {
        byte[] json = File.ReadAllBytes(Config.RepositoryFile("tests/Csrun.Oci.Tests/AllProperties.json"));
        Dictionary<string, bool> isSet = [];
        FindSet(SpecReader.Read(json, "AllProperties.json").Spec!, "$", isSet);
        Assert.True(isSet.Count > 150, $"only {isSet.Count} properties seen");
        Assert.Empty(isSet.Where(p => !p.Value).Select(p => p.Key));
    }

    [Fact]
    public void Generated_configurations_survive()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Spec spec = (Spec)Generate(typeof(Spec), new Random(seed))!;
            byte[] written = SpecWriter.Write(spec);
            SpecReadResult result = SpecReader.Read(written, "generated");
            Assert.True(result.Mistakes.Count == 0, $"seed {seed}: {string.Join('\n', result.Mistakes)}");
            Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(SpecWriter.Write(result.Spec!)));
        }
    }

    [Fact]
    public void Unset_values_and_empty_lists_are_left_out()
    {
        string written = Encoding.UTF8.GetString(SpecWriter.Write(Config.MinimalSpec));
        Assert.Equal(
            """
            {
              "ociVersion": "1.2.0",
              "process": {
                "user": {
                  "uid": 0,
                  "gid": 0
                },
                "args": [
                  "id"
                ],
                "cwd": "/"
              }
            }

            """, written);
    }

    [Fact]
    public void A_truncated_or_damaged_file_never_throws()
    {
        byte[] json = File.ReadAllBytes(Config.RepositoryFile("tests/Csrun.Oci.Tests/AllProperties.json"));
        Random random = new(1);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = json[..random.Next(json.Length)];
            if (i % 2 == 0)
            {
                damaged = (byte[])json.Clone();
                for (int hits = random.Next(1, 4); hits > 0; hits--)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }
            }

            SpecReadResult result = SpecReader.ReadAndValidate(damaged, "damaged");
            Assert.True(result.Spec is not null || result.Mistakes.Count == 1);
            Assert.All(result.Mistakes, m => Assert.True(m.Position is not null || i % 2 == 0));
        }
    }

    /// <summary>Notes of each property whether any of the objects has it set.</summary>
    private static void FindSet(object value, string path, Dictionary<string, bool> isSet)
    {
        foreach (System.Reflection.PropertyInfo property in value.GetType().GetProperties())
        {
            object? item = property.GetValue(value);
            string at = $"{path}.{property.Name}";
            bool unset = item is null or "" || (item is false && property.PropertyType == typeof(bool)) || item is System.Collections.ICollection { Count: 0 };
            // One rule of the device cgroup, and it denies: false is what it says.
            isSet[at] = isSet.GetValueOrDefault(at) || !unset || property.Name == nameof(DeviceCgroupRule.Allow);
            if (unset)
            {
                continue;
            }

            if (item is System.Collections.IEnumerable items and not string)
            {
                foreach (object element in items)
                {
                    object inner = element.GetType().Name.StartsWith("KeyValuePair", StringComparison.Ordinal)
                        ? element.GetType().GetProperty("Value")!.GetValue(element)!
                        : element;
                    if (inner.GetType().Namespace == typeof(Spec).Namespace)
                    {
                        FindSet(inner, at, isSet);
                    }
                }
            }
            else if (item!.GetType().Namespace == typeof(Spec).Namespace)
            {
                FindSet(item, at, isSet);
            }
        }
    }

    /// <summary>A value of any of the records' types, with edge values and half of what may be unset unset.</summary>
    private static object? Generate(Type type, Random random)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return random.Next(2) == 0 ? null : Generate(underlying, random);
        }

        switch (type)
        {
            case var _ when type == typeof(string):
                string[] texts = ["a", "/proc", "ä€😀", "with \"quotes\" and \\", "line\nbreak", "\u007f\u2028", "<&>+'", new string('x', 300)];
                return texts[random.Next(texts.Length)];
            case var _ when type == typeof(bool):
                return random.Next(2) == 0;
            case var _ when type == typeof(int):
                return random.Next(3) switch { 0 => int.MinValue, 1 => int.MaxValue, _ => random.Next() };
            case var _ when type == typeof(uint):
                return random.Next(3) switch { 0 => 0u, 1 => uint.MaxValue, _ => (uint)random.Next() };
            case var _ when type == typeof(ushort):
                return (ushort)random.Next(65536);
            case var _ when type == typeof(long):
                return random.Next(3) switch { 0 => long.MinValue, 1 => long.MaxValue, _ => random.NextInt64() };
            case var _ when type == typeof(ulong):
                return random.Next(3) switch { 0 => 0ul, 1 => ulong.MaxValue, _ => (ulong)random.NextInt64() };
            case var _ when type == typeof(LinuxIdMapping):
                return new LinuxIdMapping((uint)random.Next(), uint.MaxValue, 1);
        }

        Type[] arguments = type.GetGenericArguments();
        if (type.Name.StartsWith("IReadOnlyList", StringComparison.Ordinal))
        {
            Array items = Array.CreateInstance(arguments[0], random.Next(3));
            for (int i = 0; i < items.Length; i++)
            {
                items.SetValue(Generate(arguments[0], random), i);
            }

            return items;
        }

        if (type.Name.StartsWith("IReadOnlyDictionary", StringComparison.Ordinal))
        {
            System.Collections.IDictionary items = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
            for (int i = random.Next(3); i > 0; i--)
            {
                items[$"key {i}.\"x\""] = Generate(arguments[1], random);
            }

            return items;
        }

        object record = Activator.CreateInstance(type)!;
        foreach (System.Reflection.PropertyInfo property in type.GetProperties())
        {
            bool optional = new System.Reflection.NullabilityInfoContext().Create(property).WriteState is System.Reflection.NullabilityState.Nullable;
            property.SetValue(record, optional && random.Next(3) == 0 ? null : Generate(property.PropertyType, random));
        }

        return record;
    }
}
