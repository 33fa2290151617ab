using RealtimeOps.Operations.Schemas;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations.Schemas;

public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("100", "1e2")]
    [InlineData("100", "1E+2")]
    [InlineData("0.05", "5e-2")]
    [InlineData("0.05", "0.0500")]
    [InlineData("0", "-0.0e5")]
    [InlineData("-12.5", "-125e-1")]
    [InlineData("0", "0e99999999999999999999")]
    [InlineData("1e0000000000000000000000002", "100")]
    public void Equals_SameValueSpelledOtherwise_IsTrue(string left, string right) =>
        JsonNumber.Parse(left).ShouldBe(JsonNumber.Parse(right));

    [Theory]
    [InlineData("12345678901234567890123", "12345678901234567890124")]
    [InlineData("0.1", "0.1000000000000000000000000000000000000001")]
    [InlineData("1e400", "1e401")]
    [InlineData("1", "-1")]
    [InlineData("1e99999999999999999999", "1e99999999999999999998")]
    public void Equals_OtherValue_IsFalse(string left, string right) =>
        JsonNumber.Parse(left).ShouldNotBe(JsonNumber.Parse(right));

    [Fact]
    public void Compare_AnyTwo_IsTheOrderOnTheNumberLine()
    {
        string[] ascending =
        [
            "-1e99999999999999999999", "-1e400", "-10", "-9.5", "-1", "-0.01", "-1e-99999999999999999999", "0",
            "1e-99999999999999999999", "1e-400", "0.01", "0.010000000000000000000000000000000001", "0.9", "1", "1.5", "9", "10", "11", "1e2",
            "79228162514264337593543950335", "79228162514264337593543950336", "1.7976931348623157E+308", "1e309", "1e99999999999999999999",
        ];

        for (int i = 0; i < ascending.Length; i++)
        {
            for (int j = 0; j < ascending.Length; j++)
                JsonNumber.Compare(JsonNumber.Parse(ascending[i]), JsonNumber.Parse(ascending[j])).ShouldBe(i.CompareTo(j), $"{ascending[i]} and {ascending[j]}");
        }
    }
}
