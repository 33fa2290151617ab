using System.Text.Json;
using RealtimeOps.Operations.Schemas;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations.Schemas;

public sealed class SchemaNodeTests
{
    [Theory]
    [InlineData("""{"properties": {"a": {"multipleOf": 2}}}""", "multipleOf of JSON Schema, at '/properties/a',")]
    [InlineData("""{"type": "string", "format": "email"}""", "email")]
    public void Compile_WhatIsNotEvaluated_Throws(string schema, string message) =>
        Should.Throw<NotSupportedException>(() => Compile(schema)).Message.ShouldContain(message);

    [Theory]
    [InlineData("#/properties/a b~1c")]
    [InlineData("#/properties/a%20b~1c")]
    public void Compile_Reference_IsFoundEncodedOrNot(string reference)
    {
        SchemaNode schema = Compile($$"""{"properties": {"a b/c": {"type": "string"}, "d": {"$ref": "{{reference}}" } } }""");

        schema.Accepts(JsonSerializer.SerializeToElement(new { d = "text" })).ShouldBeTrue();
        schema.Accepts(JsonSerializer.SerializeToElement(new { d = 1 })).ShouldBeFalse();
    }

    private static SchemaNode Compile(string schema) => SchemaNode.Compile(JsonSerializer.Deserialize<JsonElement>(schema));
}
