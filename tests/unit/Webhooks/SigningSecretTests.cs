using System.Security.Cryptography;
using System.Text;
using RealtimeOps.Webhooks;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Webhooks;

public sealed class SigningSecretTests
{
    /// <summary>The vector that every reference library of Standard Webhooks has.</summary>
    [Fact]
    public void Sign_OfficialVector_IsAsPublished() =>
        SigningSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!
            .Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8)
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void New_IsASecretThatSignsWithItsBytes()
    {
        string secret = SigningSecret.New();

        byte[] key = Convert.FromBase64String(secret["whsec_".Length..]);
        key.Length.ShouldBeInRange(24, 64);
        SigningSecret.Parse(secret)!.Sign("a", 1, "b"u8).ShouldBe("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes("a.1.b"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_not base64 at all, is it")]
    [InlineData("whsec_c2hvcnQ=")]
    public void Parse_NoSecret_IsNull(string text) => SigningSecret.Parse(text).ShouldBeNull();
}
