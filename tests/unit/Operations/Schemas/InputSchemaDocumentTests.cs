using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RealtimeOps.Operations.Schemas;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations.Schemas;

public sealed class InputSchemaDocumentTests
{
    [Fact]
    public void Document_AnnotatedType_SaysItsRules() => DocumentShouldBe<Report>(
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "description": "A report to write.",
          "properties": {
            "title": {"type": "string", "minLength": 3, "maxLength": 80, "description": "What stands on top."},
            "copies": {"type": "integer", "minimum": 1, "maximum": 2147483647, "default": 1},
            "weight": {"type": "number", "minimum": 0, "maximum": 3.4028235E+38, "default": 1},
            "scale": {"type": "number", "exclusiveMinimum": 0, "maximum": 2.5, "default": 1},
            "author": {"type": "string", "minLength": 1, "pattern": "^(?:[a-z]+)$", "default": ""},
            "pages": {"type": ["array", "null"], "items": {"type": "integer", "minimum": -32768, "maximum": 32767}, "minItems": 1, "maxItems": 9, "default": null},
            "style": {"enum": ["Plain", "fancy", null], "default": null},
            "paper": {"type": ["string", "null"], "enum": ["A4", "A5"], "default": "A4"},
            "labels": {"type": ["object", "null"], "additionalProperties": {"type": ["string", "null"]}, "maxProperties": 2, "default": null}
          },
          "required": ["title", "author"]
        }
        """);

    [Fact]
    public void Document_Polymorphism_ListsTheDiscriminators() => DocumentShouldBe<Shape>(
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "properties": {"kind": {"enum": ["dot", "line"]}},
          "anyOf": [
            {"properties": {"kind": {"const": "dot"}}},
            {"properties": {"kind": {"const": "line"}, "ends": {"type": "array", "items": {"$ref": "#"}}}, "required": ["ends"]}
          ],
          "required": ["kind"]
        }
        """);

    [Theory]
    [InlineData(typeof(byte), """{"type": "integer", "minimum": 0, "maximum": 255}""")]
    [InlineData(typeof(long?), """{"type": ["integer", "null"], "minimum": -9223372036854775808, "maximum": 9223372036854775807}""")]
    [InlineData(typeof(UInt128), """{"type": "integer", "minimum": 0, "maximum": 340282366920938463463374607431768211455}""")]
    [InlineData(typeof(decimal), """{"type": "number", "minimum": -79228162514264337593543950335, "maximum": 79228162514264337593543950335}""")]
    [InlineData(typeof(DayOfWeek), """{"type": "integer", "minimum": -2147483648, "maximum": 2147483647}""")]
    [InlineData(typeof(char), """{"type": "string", "minLength": 1, "maxLength": 1, "format": "char"}""")]
    [InlineData(typeof(byte[]), """{"type": "string", "contentEncoding": "base64"}""")]
    [InlineData(typeof(Guid), """{"type": "string", "format": "uuid"}""")]
    [InlineData(typeof(JsonElement), "{}")]
    [InlineData(typeof(int?[]), """{"type": "array", "items": {"type": ["integer", "null"], "minimum": -2147483648, "maximum": 2147483647}}""")]
    public void Document_FrameworkType_SaysWhatItCanHold(Type type, string expected)
    {
        JsonObject expectedDocument = JsonNode.Parse(expected)!.AsObject();
        expectedDocument["$schema"] = "https://json-schema.org/draft/2020-12/schema";

        ShouldBeSame(InputSchema.For(type, InputJson.Options).Document, expectedDocument);
    }

    [Theory]
    [InlineData(typeof(WithEmail), "EmailAddressAttribute")]
    [InlineData(typeof(WithDateRange), "RangeAttribute")]
    [InlineData(typeof(WithPatternOfNumber), "RegularExpressionAttribute")]
    [InlineData(typeof(List<WithRulesOfItsOwn>), "as a whole")]
    [InlineData(typeof(WithBytesLength), "A length")]
    [InlineData(typeof(WithUnreadableCase), "type discriminator")]
    [InlineData(typeof(WithStructDefault), "default value of a struct")]
    public void For_RuleThatNoSchemaCanState_Throws(Type type, string message) =>
        Should.Throw<NotSupportedException>(() => InputSchema.For(type, InputJson.Options)).Message.ShouldContain(message);

    private static void DocumentShouldBe<TInput>(string expected) =>
        ShouldBeSame(InputSchema.For<TInput>(InputJson.Options).Document, JsonNode.Parse(expected)!);

    private static void ShouldBeSame(JsonNode actual, JsonNode expected) =>
        JsonDifference.Compare(JsonSerializer.SerializeToElement(actual), JsonSerializer.SerializeToElement(expected))
            .ShouldBeEmpty(actual.ToJsonString());

    [Description("A report to write.")]
    private sealed record Report(
        [StringLength(80, MinimumLength = 3), Display(Description = "What stands on top.")] string Title,
        [Range(1, 1e12)] int Copies = 1,
        [Range(0, double.PositiveInfinity)] float Weight = 1,
        [Range(typeof(double), "0", "2.5", MinimumIsExclusive = true)] double Scale = 1,
        [property: Required, RegularExpression("[a-z]+")] string? Author = "",
        [Length(1, 9)] List<short>? Pages = null,
        Style? Style = null,
        [AllowedValues("A4", "A5")] string? Paper = "A4",
        [MaxLength(2)] Dictionary<string, string?>? Labels = null);

    [JsonConverter(typeof(JsonStringEnumConverter<Style>))]
    private enum Style
    {
        Plain,
        [JsonStringEnumMemberName("fancy")]
        Fancy,
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Dot), "dot")]
    [JsonDerivedType(typeof(Line), "line")]
    private abstract record Shape;

    private sealed record Dot : Shape;

    private sealed record Line(List<Shape> Ends) : Shape;

    private sealed record WithEmail([EmailAddress] string Address);

    private sealed record WithDateRange([Range(typeof(DateTime), "2026-01-01", "2026-12-31")] DateTime Day);

    private sealed record WithPatternOfNumber([RegularExpression("[0-5]")] int Number);

    private sealed record WithRulesOfItsOwn(int From, int To) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => [];
    }

    private sealed record WithBytesLength([MaxLength(10)] byte[] Bytes);

    [JsonDerivedType(typeof(UnreadableCase))]
    private record WithUnreadableCase;

    private sealed record UnreadableCase : WithUnreadableCase;

    private sealed record WithStructDefault(TimeSpan Delay = default);
}
