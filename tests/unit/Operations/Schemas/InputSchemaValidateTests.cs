using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeOps.Operations.Schemas;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations.Schemas;

public sealed class InputSchemaValidateTests
{
    private const string Unreadable = "has a value that this operation cannot read";

    [Fact]
    public void Validate_SeveralFaults_ReportsEachAtItsPointer() => Validate<Job>(
        """{"name": 7, "steps": -1, "items": [{"id": 1.5, "tags": {"a/b": true}}, null], "mode": "slow", "extra": 1}""").ShouldBe([
            new InputFault("/owner", "is required"),
            new InputFault("/name", "must be a string, but is a number"),
            new InputFault("/steps", "must be at least 0, but is -1"),
            new InputFault("/items/0/id", "must be an integer, in plain digits, but is 1.5"),
            new InputFault("/items/0/tags/a~1b", "must be a string, but is a boolean"),
            new InputFault("/items/1", "must be an object, but is null"),
            new InputFault("/mode", "must be one of \"Fast\", \"Careful\", but is \"slow\""),
        ]);

    [Fact]
    public void Validate_GoodInput_IsEmpty() => Validate<Job>(
        """{"owner": "me", "name": "x", "steps": 3, "items": [{"id": 1, "tags": {}}], "mode": "Fast", "unknown": [null]}""").ShouldBeEmpty();

    [Theory]
    [InlineData("null", "must be an object, but is null")]
    [InlineData("[]", "must be an object, but is an array")]
    [InlineData("true", "must be an object, but is a boolean")]
    public void Validate_WrongRoot_PointsAtTheRoot(string input, string detail) =>
        Validate<Job>(input).ShouldBe([new InputFault("", detail)]);

    [Theory]
    [InlineData(typeof(int), "2147483648", "must be at most 2147483647, but is 2147483648")]
    [InlineData(typeof(int), "1.0", "must be an integer, in plain digits, but is 1.0")]
    [InlineData(typeof(int), "1e2", "must be an integer, in plain digits, but is 1e2")]
    [InlineData(typeof(int), "\"1\"", "must be an integer, but is a string")]
    [InlineData(typeof(int?), "\"1\"", "must be an integer or null, but is a string")]
    [InlineData(typeof(uint), "-0", "must be an integer, in plain digits, but is -0")]
    [InlineData(typeof(ulong), "18446744073709551616", "must be at most 18446744073709551615, but is 18446744073709551616")]
    [InlineData(typeof(double), "1e400", "must be at most 1.7976931348623157E+308, but is 1e400")]
    [InlineData(typeof(decimal), "1e99999999999999999999", "must be at most 79228162514264337593543950335, but is 1e99999999999999999999")]
    [InlineData(typeof(char), "\"ab\"", "must be a single UTF-16 character, but is \"ab\"")]
    [InlineData(typeof(char), "\"😀\"", "must be a single UTF-16 character, but is \"😀\"")]
    [InlineData(typeof(DateTime), "\"2026-02-30T00:00:00Z\"", "must be a date and time such as 2026-01-31T09:30:00Z, but is \"2026-02-30T00:00:00Z\"")]
    [InlineData(typeof(DateTimeOffset), "\"yesterday\"", "must be a date and time such as 2026-01-31T09:30:00Z, but is \"yesterday\"")]
    [InlineData(typeof(DateOnly), "\"2026-1-1\"", "must be a date such as 2026-01-31, but is \"2026-1-1\"")]
    [InlineData(typeof(TimeOnly), "\"24:00:00\"", "must be a time of day such as 09:30:00, but is \"24:00:00\"")]
    [InlineData(typeof(TimeSpan), "\"99:00:00\"", "must be a time span such as 1.09:30:00 (days, hours, minutes, seconds), but is \"99:00:00\"")]
    [InlineData(typeof(Guid), "\"3f2504e04f8941d39a0c0305e82c3301\"", "must be a UUID such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301, but is \"3f2504e04f8941d39a0c0305e82c3301\"")]
    [InlineData(typeof(Uri), "\"/a/file\"", "must be an absolute URI such as https://example.org/, but is \"/a/file\"")]
    [InlineData(typeof(Version), "\"1.99999999999\"", "must be a version such as 1.2.3, but is \"1.99999999999\"")]
    [InlineData(typeof(byte[]), "\"no!\"", "must be base64, but is \"no!\"")]
    public void Validate_ValueThatTheTypeCannotHold_SaysSo(Type type, string input, string detail) =>
        Validate(type, input).ShouldBe([new InputFault("", detail)]);

    [Theory]
    [InlineData("""{"score": 0}""", "/score", "must be more than 0, but is 0")]
    [InlineData("""{"score": 1e1}""", "/score", "must be less than 10, but is 1e1")]
    [InlineData("""{"price": 0.009999999999999999999}""", "/price", "must be at least 0.01, but is 0.009999999999999999999")]
    [InlineData("""{"title": "😀"}""", "/title", "must have at least 2 characters, but has 1")]
    [InlineData("""{"title": "12345"}""", "/title", "must have at most 4 characters, but has 5")]
    [InlineData("""{"code": "abc1"}""", "/code", "must match the pattern ^(?:[a-z]+|[0-9]+)$, but is \"abc1\"")]
    [InlineData("""{"code": "abc\n"}""", "/code", "must match the pattern ^(?:[a-z]+|[0-9]+)$, but is \"abc\\n\"")]
    [InlineData("""{"twice": "ab"}""", "/twice", "must match the pattern ^(?:(.)\\1)$, but is \"ab\"")]
    [InlineData("""{"list": []}""", "/list", "must have at least 1 item, but has 0")]
    [InlineData("""{"list": [1, 2, 3]}""", "/list", "must have at most 2 items, but has 3")]
    [InlineData("""{"map": {}}""", "/map", "must have at least 1 member, but has 0")]
    [InlineData("""{"level": 3}""", "/level", "must be one of 1, 2, but is 3")]
    [InlineData("""{"note": null}""", "/note", "must be a string, but is null")]
    [InlineData("""{"note": ""}""", "/note", "must have at least 1 character, but has 0")]
    [InlineData("""{"any": null}""", "/any", "must not be null")]
    public void Validate_BrokenAnnotation_SaysSo(string input, string pointer, string detail)
    {
        // The one required member is there in every case.
        string complete = input.Contains("\"note\"", StringComparison.Ordinal) ? input : input.Replace("{\"", "{\"note\": \"n\", \"", StringComparison.Ordinal);

        Validate<Annotated>(complete)[0].ShouldBe(new InputFault(pointer, detail));
    }

    [Fact]
    public void Validate_KeptAnnotations_IsEmpty() => Validate<Annotated>(
        """{"note": "n", "score": 9.99, "price": 0.01, "title": "😀😀😀😀", "code": "007", "twice": "aa", "list": [1], "map": {"a": 1}, "level": 2, "any": {}}""").ShouldBeEmpty();

    [Theory]
    [InlineData("plain", "must match the pattern")]
    [InlineData("lookAhead", "must match in reasonable time the pattern")]
    public void Validate_PatternThatWouldBacktrackForever_EndsAllTheSame(string member, string detail) =>
        Validate<Backtracking>($$"""{"{{member}}": "{{new string('a', 40)}}!"}""").Single().Detail.ShouldStartWith(detail);

    [Fact]
    public void Validate_Null_IsAllowedWhereDeclared()
    {
        Validate<Nulls>("""{"texts": [null, "a"], "map": {"a": null}, "nested": [[null]], "trees": [null, {"kids": [{"kids": []}]}], "moods": [null, "Good"], "numbers": [null], "element": null}""").ShouldBeEmpty();
        Validate<Nulls>("""{"strict": [null], "trees": [{"kids": [null]}, 5]}""").ShouldBe([
            new InputFault("/strict/0", "must be a string, but is null"),
            new InputFault("/trees/0/kids/0", "must be an object, but is null"),
            new InputFault("/trees/1", "must be an object, but is a number"),
        ]);
    }

    [Fact]
    public void Validate_UnmappedMember_IsRefusedWhereTheTypeSaysSo() => Validate<Closed>("""{"a": 1, "b": 2}""").ShouldBe([
        new InputFault("/b", "is not expected here")]);

    [Fact]
    public void Validate_RecursiveType_IsFollowed() => Validate<Tree>(
        """{"kids": [{"kids": [{"kids": [{"kids": 5}, {}]}]}]}""").ShouldBe([
            new InputFault("/kids/0/kids/0/kids/0/kids", "must be an array, but is a number"),
            new InputFault("/kids/0/kids/0/kids/1/kids", "is required"),
        ]);

    [Theory]
    [InlineData("""{"r": 1, "$type": "circle"}""")]
    [InlineData("""{"$type": "circle", "r": 1, "next": {"r": 2, "$type": "circle"}}""")]
    [InlineData("""{"name": "just a shape"}""")]
    public void Validate_PolymorphicInput_IsTakenWhereverTheDiscriminatorStands(string input) => Validate<Shape>(input).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"$type": "blob"}""", "/$type", "must be one of \"circle\", \"square\", but is \"blob\"")]
    [InlineData("""{"$type": "circle"}""", "/r", "is required")]
    [InlineData("""{"$type": "circle", "r": 1, "next": {"$type": "square", "a": "b"}}""", "/next/a", "must be a number, but is a string")]
    [InlineData("""{"$type": "circle", "r": 1, "$note": 1}""", "", Unreadable)]
    public void Validate_BadPolymorphicInput_ReportsTheFaultsOfItsOwnType(string input, string pointer, string detail) =>
        Validate<Shape>(input).ShouldBe([new InputFault(pointer, detail)]);

    [Fact]
    public void Validate_DeeplyNestedPolymorphism_TakesLinearTime()
    {
        string input = string.Concat(Enumerable.Repeat("""{"$type": "circle", "r": 1, "next": """, 60)) + "5" + new string('}', 60);

        Validate<Shape>(input).Single().Detail.ShouldBe("must be an object or null, but is a number");
    }

    [Fact]
    public void Validate_DuplicateMembers_AreFaultsEverywhere() => Validate<Job>(
        """{"owner": "a", "owner": "b", "unknown": [{"x": 1, "y": 2, "x": 3}]}""").ShouldBe([
            new InputFault("/owner", "occurs more than once"),
            new InputFault("/unknown/0/x", "occurs more than once"),
        ]);

    [Fact]
    public void Validate_HalfCharacters_AreFaultsEverywhere() => Validate<Job>(
        """{"owner": "\ud800", "unknown": ["\udc00", {"\ud800": 1}]}""").ShouldBe([
            new InputFault("/owner", "is not valid Unicode text"),
            new InputFault("/unknown/0", "is not valid Unicode text"),
            new InputFault("/unknown/1", "has a member whose name is not valid Unicode text"),
        ]);

    [Theory]
    [InlineData(typeof(Dictionary<int, int>), """{"x": 1}""", "/x")]
    [InlineData(typeof(Dictionary<string, Dictionary<Guid, int>>), """{"a": {"b c": 1}}""", "")]
    [InlineData(typeof(Days[]), """["Monday", "Someday"]""", "/1")]
    [InlineData(typeof(Thrower), """{"at": 1}""", "")]
    public void Validate_ValueThatOnlyTheDeserializerRefuses_IsAFault(Type type, string input, string pointer) =>
        Validate(type, input).ShouldBe([new InputFault(pointer, Unreadable)]);

    [Fact]
    public void Validate_NamedFloatingPointLiterals_AreTakenWhereAllowed()
    {
        Validate<Literals>("""{"value": "NaN"}""").ShouldBeEmpty();
        Validate<Literals>("""{"value": "none"}""").ShouldBe([new InputFault("/value", "must be a number, but is a string")]);
    }

    [Fact]
    public void Validate_CountlessFaults_AreBounded()
    {
        string manyItems = "[" + string.Join(',', Enumerable.Repeat("\"x\"", 5000)) + "]";
        string manyDuplicates = "{" + string.Join(',', Enumerable.Repeat("\"x\": 1", 5000)) + "}";
        string longValue = "\"" + new string('x', 5000) + "\"";
        string longName = "{\"" + new string('x', 5000) + "\": \"x\"}";

        Validate<int[]>(manyItems).Count.ShouldBe(InputFaults.Limit);
        Validate<JsonElement>(manyDuplicates).Count.ShouldBe(InputFaults.Limit);
        Validate<Guid>(longValue).Single().Detail.Length.ShouldBeLessThan(150);
        Validate<Dictionary<string, int>>(longName).Single().Pointer.ShouldBe("");
    }

    private static IReadOnlyList<InputFault> Validate<TInput>(string input) => Validate(typeof(TInput), input);

    private static IReadOnlyList<InputFault> Validate(Type type, string input)
    {
        using var document = JsonDocument.Parse(input);
        return InputSchema.For(type, InputJson.Options).Validate(document.RootElement);
    }

    private sealed record Job(string Owner, string Name = "", [Range(0, 100)] int Steps = 0, IReadOnlyList<Item>? Items = null, Mode Mode = Mode.Fast);

    private sealed record Item(long Id, Dictionary<string, string> Tags);

    [JsonConverter(typeof(JsonStringEnumConverter<Mode>))]
    private enum Mode
    {
        Fast,
        Careful,
    }

    private sealed class Annotated
    {
        [Range(0, 10, MinimumIsExclusive = true, MaximumIsExclusive = true)]
        public double Score { get; set; }

        [Range(typeof(decimal), "0.01", "100")]
        public decimal Price { get; set; }

        [MinLength(2), MaxLength(4)]
        public string Title { get; set; } = "";

        [RegularExpression("[a-z]+|[0-9]+")]
        public string? Code { get; set; }

        [RegularExpression(@"(.)\1")]
        public string? Twice { get; set; }

        [Length(1, 2)]
        public int[]? List { get; set; }

        [MinLength(1)]
        public Dictionary<string, int>? Map { get; set; }

        [AllowedValues(1, 2)]
        public double Level { get; set; }

        [Required]
        public string? Note { get; set; }

        public object Any { get; set; } = "";
    }

    private sealed record Backtracking([RegularExpression("(a+)+")] string Plain = "", [RegularExpression("(?=(a+)+$)a+")] string LookAhead = "");

    private sealed class Nulls
    {
        public List<string?> Texts { get; set; } = [];

        public IReadOnlyDictionary<string, string?>? Map { get; set; }

        public List<string?[]>? Nested { get; set; }

        public List<string> Strict { get; set; } = [];

        public Tree? Root { get; set; }

        public List<Tree?> Trees { get; set; } = [];

        public List<Mood?> Moods { get; set; } = [];

        public int?[] Numbers { get; set; } = [];

        public JsonElement Element { get; set; }
    }

    [JsonConverter(typeof(JsonStringEnumConverter<Mood>))]
    private enum Mood
    {
        Good,
    }

    private sealed record Tree(List<Tree> Kids);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Closed(int A);

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    private record Shape(string? Name = null, Shape? Next = null);

    private sealed record Circle(double R) : Shape;

    private sealed record Square(double A) : Shape;

    [Flags]
    [JsonConverter(typeof(JsonStringEnumConverter<Days>))]
    private enum Days
    {
        Monday = 1,
        Tuesday = 2,
    }

    private sealed class Thrower
    {
        public int At { get => 0; set => throw new ArgumentException($"{value} is refused"); }
    }

    private sealed record Literals([property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Value);
}
