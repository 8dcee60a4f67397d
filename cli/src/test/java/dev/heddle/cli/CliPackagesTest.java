package dev.heddle.cli;

import dev.heddle.conformance.PackageOrder;
import org.junit.jupiter.api.Test;

/** The packages of the command: what commands are made of, and the commands. */
final class CliPackagesTest {

    @Test
    void packagesStandInOrder() {
        PackageOrder.of(Main.class)
                .row("dev.heddle.cli.command")
                .row("dev.heddle.cli", "dev.heddle.cli.command")
                .check();
    }
}
