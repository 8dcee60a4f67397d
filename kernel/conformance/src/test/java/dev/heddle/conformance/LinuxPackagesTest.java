package dev.heddle.conformance;

import dev.heddle.linux.EpollProvider;
import org.junit.jupiter.api.Test;

/** The packages of the module linux: the system calls, and the engines on them. */
final class LinuxPackagesTest {

    @Test
    void packagesStandInOrder() {
        PackageOrder.of(EpollProvider.class)
                .row("dev.heddle.linux.internal")
                .row("dev.heddle.linux", "dev.heddle.linux.internal")
                .check();
    }
}
