using System.Net;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Webhooks;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Webhooks;

/// <summary>Where callbacks may go, as a table: whoever finds another spelling adds a line.</summary>
public sealed class TargetRulesTests
{
    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("1.1.1.1", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.0", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.128.0.0", true)]
    [InlineData("223.255.255.255", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("2a00:1450:4001::1", true)]
    [InlineData("::ffff:1.1.1.1", true)]
    [InlineData("64:ff9b::101:101", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("0.1.2.3", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("10.255.255.255", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("169.254.170.2", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.0.192", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.88.99.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("198.19.255.255", false)]
    [InlineData("198.51.100.1", false)]
    [InlineData("203.0.113.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("239.255.255.255", false)]
    [InlineData("240.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::7f00:1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:7f00:1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("::ffff:0:127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("64:ff9b:1::1", false)]
    [InlineData("100::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2002:101:101::", false)]
    [InlineData("3fff::1", false)]
    [InlineData("5f00::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%2", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Allows_Https_PublicAddressesOnly(string address, bool allowed)
    {
        TargetRules rules = Rules();

        rules.Allows(new Uri("https://a.example/"), IPAddress.Parse(address)).ShouldBe(allowed);
        rules.Allows(new Uri("http://a.example/"), IPAddress.Parse(address)).ShouldBeFalse("Nothing is called by http unless it is allowed.");
    }

    [Theory]
    [InlineData("https://hooks.example/a?b=c", true)]
    [InlineData("https://hooks.example:8443/", true)]
    [InlineData("https://1.1.1.1/", true)]
    [InlineData("https://[2606:4700:4700::1111]/", true)]
    [InlineData("https://127.0.0.1.nip.io/", true)] // Its address is judged when it is connected to.
    [InlineData("mailbox:orders", true)]
    [InlineData("http://hooks.example/", false)]
    [InlineData("ftp://hooks.example/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("gopher://1.1.1.1/", false)]
    [InlineData("/relative", false)]
    [InlineData("", false)]
    [InlineData("https://", false)]
    [InlineData("https://user:secret@hooks.example/", false)]
    [InlineData("https://user@hooks.example/", false)]
    [InlineData("http://127.0.0.1:80@hooks.example/", false)]
    [InlineData("https://localhost/", false)]
    [InlineData("https://LOCALHOST:5080/", false)]
    [InlineData("https://localhost./", false)]
    [InlineData("https://a.localhost/", false)]
    [InlineData("https://ⓛocalhost/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://127.0.0.1./", false)]
    [InlineData("https://127.1/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://0x7f000001/", false)]
    [InlineData("https://0x7f.1/", false)]
    [InlineData("https://0177.0.0.1/", false)]
    [InlineData("https://00000177.0.0.1/", false)]
    [InlineData("https://0/", false)]
    [InlineData("https://１２７.0.0.1/", false)]
    [InlineData("https://①②⑦.0.0.1/", false)]
    [InlineData("https://127。0。0。1/", false)]
    [InlineData("https:\\\\127.0.0.1\\", false)]
    [InlineData("https://2852039166/", false)] // 169.254.169.254
    [InlineData("https://169.254.169.254/latest/meta-data/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://[::]/", false)]
    [InlineData("https://[::ffff:127.0.0.1]/", false)]
    [InlineData("https://[::ffff:7f00:1]/", false)]
    [InlineData("https://[64:ff9b::7f00:1]/", false)]
    [InlineData("https://[2002:7f00:1::]/", false)]
    [InlineData("https://[fe80::1%25eth0]/", false)]
    [InlineData("https://[fe80::1%251]/", false)]
    [InlineData("mailbox:not a name", false)]
    [InlineData("mailbox:", false)]
    public void FaultOf_NothingAllowed_IsNoneForPublicHttpsAndMailboxesOnly(string target, bool fits) => (Rules().FaultOf(target) is null).ShouldBe(fits);

    [Fact]
    public void FaultOf_TooLong_IsOne() => Rules().FaultOf("https://hooks.example/" + new string('a', 2048)).ShouldNotBeNull();

    [Theory]
    [InlineData("http://127.0.0.1:9000/", true)]
    [InlineData("https://127.0.0.1/", true)]
    [InlineData("http://2130706433/", true)]
    [InlineData("http://[::ffff:127.0.0.1]/", true)]
    [InlineData("http://localhost:9000/", true)]
    [InlineData("http://Internal.Example/", true)]
    [InlineData("http://internal.example.:81/", true)]
    [InlineData("https://10.1.2.3/", true)]
    [InlineData("http://10.2.0.1/", false)]
    [InlineData("http://[::1]/", false)]
    [InlineData("http://1.1.1.1/", false)]
    [InlineData("http://192.168.0.1/", false)]
    public void FaultOf_SomeAllowed_AnyPortAndBothSchemesOfThese(string target, bool fits) =>
        (Rules("127.0.0.0/8", "internal.example", "10.1.0.0/16").FaultOf(target) is null).ShouldBe(fits);

    [Fact]
    public void Allows_HostThatIsAllowed_WhereverItStands() =>
        Rules("internal.example").ShouldSatisfyAllConditions(
            rules => rules.Allows(new Uri("http://internal.example/"), IPAddress.Parse("10.0.0.1")).ShouldBeTrue(),
            rules => rules.Allows(new Uri("http://other.example/"), IPAddress.Parse("10.0.0.1")).ShouldBeFalse());

    private static TargetRules Rules(params string[] allowed)
    {
        var options = new RealtimeOpsOptions();
        foreach (string target in allowed)
        {
            options.Webhooks.AllowedTargets.Add(target);
        }

        return new TargetRules(Options.Create(options));
    }
}
