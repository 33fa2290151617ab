using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using RealtimeOps.Hosting.Settings;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Hosting;

public sealed class SettingsReadingTests
{
    [Theory]
    [InlineData("Shop:Nmae", "x", "Shop:Nmae is unknown; did you mean Shop:Name?")]
    [InlineData("Shop:name", "x", null)]
    [InlineData("Shop:Total", "1", "Shop:Total is unknown; Shop has Name, Size, Pause, Stock, Street, Door, Open, Since, Ratio, Colour, Shelves, ByName, Anything.")]
    [InlineData("Shop:Size", "much", "Shop:Size must be a whole number, from 1 to 9.")]
    [InlineData("Shop:Size", "", null)]
    [InlineData("Shop:Size", "99999999999", "Shop:Size must be a whole number, from 1 to 9.")]
    [InlineData("Shop:Size", "0", "Shop:Size must be a whole number, from 1 to 9.")]
    [InlineData("Shop:Size", "9", null)]
    [InlineData("Shop:Pause", "00:00:05", null)]
    [InlineData("Shop:Pause", "00:02:00", "Shop:Pause must be a time span such as 00:00:05 or 1.00:00:00, from 00:00:01 to 00:01:00.")]
    [InlineData("Shop:Pause", "30", "Shop:Pause must be a time span such as 00:00:05 or 1.00:00:00, from 00:00:01 to 00:01:00; 30 is 30 days.")]
    [InlineData("Shop:Stock", "-1", "Shop:Stock must be a whole number, 0 or more.")]
    [InlineData("Shop:Street", "", "Shop:Street must not be empty.")]
    [InlineData("Shop:Door", "A", "Shop:Door must match [a-z].")]
    [InlineData("Shop:Open", "yes", "Shop:Open must be true or false.")]
    [InlineData("Shop:Open", "", "Shop:Open must be true or false.")]
    [InlineData("Shop:Since", "yesterday", "Shop:Since must be an instant such as 2030-01-01T00:00:00Z.")]
    [InlineData("Shop:Colour", "blue", "Shop:Colour must be one of red, green.")]
    [InlineData("Shop:Colour", "7", "Shop:Colour must be one of red, green.")]
    [InlineData("Shop:Colour", "GREEN", null)]
    [InlineData("Shop:Ratio", "a", "Shop:Ratio must be a number.")]
    [InlineData("Shop:Name:First", "x", "Shop:Name is a single value, so Shop:Name:First is unknown.")]
    [InlineData("Shop:Shelves", "x", "Shop:Shelves is a list: write Shop:Shelves:0, Shop:Shelves:1, ….")]
    [InlineData("Shop:Shelves", "", null)]
    [InlineData("Shop:Shelves:3:Hieght", "1", "Shop:Shelves:3:Hieght is unknown; did you mean Shop:Shelves:3:Height?")]
    [InlineData("Shop:Shelves:3:Height", "high", "Shop:Shelves:3:Height must be a time span such as 00:00:05 or 1.00:00:00.")]
    [InlineData("Shop:Shelves:3:Labels:0", "x", null)]
    [InlineData("Shop:Shelves:3:Labels:x:y", "1", "Shop:Shelves:3:Labels:x is a single value, so Shop:Shelves:3:Labels:x:y is unknown.")]
    [InlineData("Shop:ByName:any name:Height", "00:00:01", null)]
    [InlineData("Shop:ByName:any name:Width", "1", "Shop:ByName:any name:Width is unknown; Shop:ByName:any name has Height, Labels.")]
    [InlineData("Shop:ByName:any name", "1", "Shop:ByName:any name has parts: Height, Labels.")]
    [InlineData("Shop:Anything:at:all", "x", null)]
    [InlineData("Shop", "bash", null)]
    [InlineData("Shopp:Name", "x", null)]
    public void Faults_OfOneKey_SayWhatWouldBeRight(string key, string value, string? fault)
    {
        IConfiguration configuration = Configuration((key, value));

        SettingsReading.Faults(configuration, "", typeof(Root)).Select(found => found.Text).ShouldBe(fault is null ? [] : [fault]);
    }

    [Fact]
    public void Bind_SomeUnusable_BindsTheOthers()
    {
        var root = new Root();

        SettingsReading.Bind(Configuration(("Shop:Size", "much"), ("Shop:Name", "corner"), ("Shop:Shelves:0:Height", "00:00:07"), ("Shop:Open", "nearly"), ("Shop:Pause", "30")), "", root);

        root.Shop.Size.ShouldBeNull();
        root.Shop.Pause.ShouldBe(TimeSpan.FromSeconds(1));
        root.Shop.Name.ShouldBe("corner");
        root.Shop.Shelves.ShouldHaveSingleItem().Height.ShouldBe(TimeSpan.FromSeconds(7));
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))).Build();

    private enum Colour
    {
        Red,
        Green,
    }

    private sealed class Root
    {
        public Shop Shop { get; } = new();
    }

    private sealed class Shop
    {
        public string? Name { get; set; }

        [Range(1, 9)]
        public int? Size { get; set; }

        [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
        public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);

        [Range(0L, long.MaxValue)]
        public long Stock { get; set; }

        [Required]
        public string Street { get; set; } = "High";

        [RegularExpression("[a-z]")]
        public string Door { get; set; } = "a";

        public bool Open { get; set; }

        public DateTimeOffset Since { get; set; }

        public double Ratio { get; set; }

        public Colour Colour { get; set; }

        public IList<Shelf> Shelves { get; } = [];

        public IDictionary<string, Shelf> ByName { get; } = new Dictionary<string, Shelf>();

        public IConfigurationSection? Anything { get; set; }

        public int Total => Shelves.Count;
    }

    private sealed class Shelf
    {
        public TimeSpan Height { get; set; }

        public string[] Labels { get; set; } = [];
    }
}
