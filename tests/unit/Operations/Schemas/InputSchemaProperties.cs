using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;
using RealtimeOps.Operations.Schemas;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations.Schemas;

/// <summary>The schema and the deserializer agree.</summary>
public sealed class InputSchemaProperties
{
    private const int MaxTest = 300;

    private static readonly Type[] Types =
    [
        typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128),
        typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(bool), typeof(char), typeof(string), typeof(byte[]), typeof(Memory<byte>),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Guid), typeof(Uri), typeof(Version),
        typeof(DayOfWeek), typeof(SmallEnum), typeof(NamedEnum), typeof(int?), typeof(TimeSpan?), typeof(NamedEnum?),
        typeof(object), typeof(JsonElement), typeof(JsonNode), typeof(JsonObject), typeof(JsonArray), typeof(List<object>), typeof(Dictionary<string, int?>),
        typeof(Members), typeof(Tree), typeof(Closed), typeof(Shape), typeof(Open), typeof(Mutable), typeof(List<Shape>),
    ];

    public static TheoryData<Type> InputTypes => [.. Types];

    [Theory]
    [MemberData(nameof(InputTypes))]
    public void Validate_FaultlessBySchema_Deserializes(Type type)
    {
        InputSchema schema = InputSchema.For(type, InputJson.Options);
        int fitting = 0;

        Prop.ForAll(Arb.From(RandomInput.For(schema.Document)), input =>
        {
            using var document = JsonDocument.Parse(input);
            IReadOnlyList<InputFault> faults = schema.Validate(document.RootElement);
            faults.Any(fault => fault.Detail.Contains("cannot read", StringComparison.Ordinal)).ShouldBeFalse($"the schema allows {input}");
            if (faults.Count == 0)
            {
                JsonSerializer.Deserialize(input, type, InputJson.Options);
                fitting++;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(MaxTest).WithQuietOnSuccess(true));

        fitting.ShouldBePositive("a test in which no input fits shows nothing");
    }

    [Fact]
    public void Validate_WhatTheSerializerWrites_IsFaultless()
    {
        InputSchema schema = InputSchema.For<Members>(InputJson.Options);
        Gen<Members> members =
            from numbers in Tuple<int, long, double>()
            from money in ArbMap.Default.GeneratorFor<decimal>()
            from text in RandomJson.AnyText
            from times in Tuple<DateTime, DateTimeOffset, TimeSpan>()
            from ids in Tuple<Guid, char, byte[]>()
            from named in Gen.Elements((NamedEnum?)null, NamedEnum.Plain, NamedEnum.Fancy)
            where !char.IsSurrogate(ids.Item2)
            select new Members(
                numbers.Item1, numbers.Item2, double.IsFinite(numbers.Item3) ? numbers.Item3 : 0, money, text, text.Length > 3 ? null : text,
                times.Item1, times.Item2, times.Item3, DateOnly.FromDateTime(times.Item1), TimeOnly.FromDateTime(times.Item1),
                ids.Item1, ids.Item2, ids.Item3, new Uri("http://a/" + Uri.EscapeDataString(text)), new Version(1, 2, 3), named, text);

        Prop.ForAll(Arb.From(members), value =>
            schema.Validate(JsonSerializer.SerializeToElement(value, InputJson.Options)).ShouldBeEmpty(value.ToString()))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(MaxTest).WithQuietOnSuccess(true));
    }

    private static Gen<(T1, T2, T3)> Tuple<T1, T2, T3>() =>
        from first in ArbMap.Default.GeneratorFor<T1>()
        from second in ArbMap.Default.GeneratorFor<T2>()
        from third in ArbMap.Default.GeneratorFor<T3>()
        where first is not null && second is not null && third is not null
        select (first, second, third);

    private enum SmallEnum : byte
    {
        Zero,
    }

    [JsonConverter(typeof(JsonStringEnumConverter<NamedEnum>))]
    private enum NamedEnum
    {
        Plain,
        [JsonStringEnumMemberName("fancy")]
        Fancy,
    }

    private sealed record Members(
        int Int, long Long, double Double, decimal Decimal, string Text, string? MaybeText, DateTime DateTime, DateTimeOffset DateTimeOffset,
        TimeSpan TimeSpan, DateOnly DateOnly, TimeOnly TimeOnly, Guid Guid, char Char, byte[] Bytes, Uri Uri, Version Version, NamedEnum? Named, object Any);

    private sealed record Tree(string Name, Tree? Left, List<Tree> Kids, List<Tree?>? Sparse = null);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Closed(int A, [property: JsonPropertyName("b/c~d %")] Open? B);

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), 2)]
    private record Shape
    {
        public Shape? Next { get; init; }
    }

    private sealed record Circle(double R) : Shape;

    private sealed record Square(short A, List<Shape> Inside) : Shape;

    private sealed class Open
    {
        public required Closed? Closed { get; init; }

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? More { get; init; }
    }

    private sealed class Mutable
    {
        [JsonRequired]
        public int? Number { get; set; }

        public string Text { get; set; } = "";

        public int? MaybeNumber { get; set; }

        public JsonNode Node { get; set; } = new JsonObject();

        public int Computed => 1;

        public Struct Struct { get; set; }

        public Struct? MaybeStruct { get; set; }
    }

    private record struct Struct(byte X, string? Y);
}
