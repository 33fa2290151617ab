using System.Net;
using RealtimeOps.Hosting;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Hosting;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2::", "2001:db8:1:2::")]
    [InlineData("fe80::1:2", "fe80::1:2")]
    public void Of_AnAddress_IsWhatItsClientCannotChange(string address, string network) =>
        ClientNetwork.Of(IPAddress.Parse(address)).ShouldBe(IPAddress.Parse(network));

    [Fact]
    public void Of_NoAddress_IsOneForAll() => ClientNetwork.Of(null).ShouldBe(IPAddress.None);
}
