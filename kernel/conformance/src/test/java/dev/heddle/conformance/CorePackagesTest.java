package dev.heddle.conformance;

import dev.heddle.Heddle;
import org.junit.jupiter.api.Test;

/** The packages of the module core: what knows no loop, the kernel, and what stands on it. */
final class CorePackagesTest {

    /** The kernel has 46 public types, and loops, tasks and scopes know each other both ways. */
    private static final int KERNEL_FILES = 86;

    @Test
    void packagesStandInOrder() {
        PackageOrder.of(Heddle.class)
                .larger("dev.heddle", KERNEL_FILES)
                .words("dev.heddle", "CancelledException", "HeddleException", "TaskFailedException")
                .row("dev.heddle.internal", "words of dev.heddle")
                .row("dev.heddle.internal.generators")
                .row("dev.heddle.internal.loop", "dev.heddle.internal")
                .row("dev.heddle.internal.run", "dev.heddle.internal")
                .words("dev.heddle.engine", "Acceptor", "AdaptiveSpin", "ChannelEngine", "Child", "DatagramEngine",
                        "DatagramOptions", "Datagrams", "DescriptorEngine", "Engine", "EngineProvider", "ExitStatus",
                        "GatheringEngine", "ListenOptions", "MulticastNetworks", "NioBacklog", "SimulatedEngine",
                        "SpawnRequest", "SpawningEngine", "Stdio", "Transport", "TransportFact", "Watch")
                .row("words of dev.heddle.engine", "dev.heddle.internal")
                // A loop begins with the engine that Engines finds, and NIO's waits by a Waiter. Sight, diagnosis and pools
                // speak of tasks and loops, and the kernel answers them and calls them. So it is with the hidden four.
                .knot("kernel", "dev.heddle", "dev.heddle.engine", "dev.heddle.internal.sight",
                        "dev.heddle.internal.diagnosis", "dev.heddle.internal.pool")
                .apart("kernel", "dev.heddle.internal", "BoundedLog", "JdkWarning", "TaskAccess", "Unclosed",
                        "WaitLine")
                .row("kernel", "dev.heddle.internal.loop", "dev.heddle.internal.run", "words of dev.heddle.engine")
                .row("dev.heddle.generators", "kernel", "dev.heddle.internal.generators")
                .apart("dev.heddle.trace", "dev.heddle.internal", "TraceScope")
                .row("dev.heddle.trace", "kernel")
                .apart("helpers on the kernel", "dev.heddle.internal", "Holders", "SmallFile", "Supervised")
                .row("helpers on the kernel", "kernel")
                .row("dev.heddle.settings", "helpers on the kernel") // a file that is no regular one is read by a task
                .row("dev.heddle.sync", "helpers on the kernel")
                .check();
    }
}
