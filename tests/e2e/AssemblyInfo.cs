using Xunit;

// Each test has a server of its own and some keep the machine busy: side by side they would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
