package dev.heddle.process;

import dev.heddle.conformance.PackageOrder;
import org.junit.jupiter.api.Test;

/** The packages of the module process: the words that travel, the codec, the pool, and objects that processes share. */
final class ProcessPackagesTest {

    @Test
    void packagesStandInOrder() {
        String process = "dev.heddle.process";
        PackageOrder.of(ProcessPool.class)
                .row(process + ".internal")
                .words(process, "Format", "CannotTravelException", "RemoteFailedException", "RemoteCallable",
                        "RemoteFunction", "RemoteAction", "RemotePool")
                .row(process + ".internal.codec", process + ".internal", "words of " + process)
                .row(process + ".internal.work", process + ".internal.codec")
                .row(process, process + ".internal.work")
                .row(process + ".shared", process)
                .check();
    }
}
