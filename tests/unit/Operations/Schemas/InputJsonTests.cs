using System.Text.Json;
using RealtimeOps.Operations.Schemas;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations.Schemas;

public sealed class InputJsonTests
{
    [Fact]
    public void Options_NameInOtherCase_IsAnotherMember() =>
        Read("""{"steps": 1, "Steps": 2}""").Steps.ShouldBe(1);

    [Theory]
    [InlineData("""{"steps": 1, "steps": 2}""")]
    [InlineData("""{"steps": "1"}""")]
    [InlineData("""{"steps": 1, "name": null}""")]
    [InlineData("{}")]
    public void Options_InputThatNoSchemaAllows_IsRefusedByTheDeserializerToo(string input) =>
        Should.Throw<JsonException>(() => Read(input));

    private static Input Read(string input) => JsonSerializer.Deserialize<Input>(input, InputJson.Options)!;

    private sealed record Input(int Steps, string Name = "");
}
