using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RealtimeOps.Operations.Schemas;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations.Schemas;

public sealed class JsonDifferenceProperties
{
    private static readonly RandomJson Other = new RandomJson.Text("something else");

    [Fact]
    public void Compare_SameValueSpelledTwice_IsEmpty() => Check((value, random) =>
        Compare(value.Spell(random), value.Spell(random)).ShouldBeEmpty());

    [Fact]
    public void Compare_ChangedLeaf_IsExactlyItsPointer() => Check((value, random) =>
    {
        (JsonPointer at, RandomJson changed) = ChangeSomething(value, JsonPointer.Root, random);

        Compare(value.Spell(random), changed.Spell(random)).ShouldBe([at.ToString()]);
        Compare(changed.Spell(random), value.Spell(random)).ShouldBe([at.ToString()]);
    });

    private static void Check(Action<RandomJson, Random> property) =>
        Prop.ForAll(Arb.From(RandomJson.Any), Arb.From(Gen.Choose(0, int.MaxValue)), (value, seed) => property(value, new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true));

    /// <summary>The value with one leaf replaced, one member or item added, or one taken away.</summary>
    private static (JsonPointer At, RandomJson Changed) ChangeSomething(RandomJson value, JsonPointer at, Random random)
    {
        switch (value)
        {
            case RandomJson.Items items when random.Next(5) == 0:
                return (at.Append(items.Values.Count), new RandomJson.Items([.. items.Values, Other]));
            case RandomJson.Items { Values.Count: > 0 } items when random.Next(4) == 0:
                return (at.Append(items.Values.Count - 1), new RandomJson.Items([.. items.Values.SkipLast(1)]));
            case RandomJson.Items { Values.Count: > 0 } items:
                int index = random.Next(items.Values.Count);
                (JsonPointer itemAt, RandomJson item) = ChangeSomething(items.Values[index], at.Append(index), random);
                return (itemAt, new RandomJson.Items([.. items.Values.Select((old, i) => i == index ? item : old)]));

            case RandomJson.Members members when random.Next(5) == 0:
                return (at.Append("a new one"), With(members, "a new one", Other));
            case RandomJson.Members { Values.Count: > 0 } members:
                string name = members.Values.Keys.ElementAt(random.Next(members.Values.Count));
                if (random.Next(4) == 0)
                    return (at.Append(name), new RandomJson.Members(members.Values.Where(member => member.Key != name).ToDictionary()));
                (JsonPointer memberAt, RandomJson changed) = ChangeSomething(members.Values[name], at.Append(name), random);
                return (memberAt, With(members, name, changed));

            case RandomJson.Number number:
                return (at, number with { Digits = number.Digits + "1" });
            case RandomJson.Text text:
                return (at, new RandomJson.Text(text.Value + "!"));
            default:
                return (at, Other);
        }
    }

    private static RandomJson.Members With(RandomJson.Members members, string name, RandomJson value) =>
        new(new Dictionary<string, RandomJson>(members.Values) { [name] = value });

    private static IReadOnlyList<string> Compare(string left, string right)
    {
        using var leftDocument = JsonDocument.Parse(left);
        using var rightDocument = JsonDocument.Parse(right);
        return JsonDifference.Compare(leftDocument.RootElement, rightDocument.RootElement);
    }
}
