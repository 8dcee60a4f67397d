package dev.heddle.cli;

import dev.heddle.conformance.PackageOrder;
import org.junit.jupiter.api.Test;

/** The packages of the command: what commands are made of, those of programs, of clusters, and the others. */
final class CliPackagesTest {

    @Test
    void packagesStandInOrder() {
        PackageOrder.of(Main.class)
                .row("dev.heddle.cli.command")
                .row("dev.heddle.cli.sight.leaks")
                .row("dev.heddle.cli.sight", "dev.heddle.cli.command", "dev.heddle.cli.sight.leaks")
                .row("dev.heddle.cli.sight.page", "dev.heddle.cli.sight")
                .row("dev.heddle.cli.sight.top", "dev.heddle.cli.sight")
                .row("dev.heddle.cli.doctor", "dev.heddle.cli.command")
                .row("dev.heddle.cli.node", "dev.heddle.cli.command")
                .row("dev.heddle.cli.script", "dev.heddle.cli.command")
                .row("dev.heddle.cli.fetch", "dev.heddle.cli.command")
                .row("dev.heddle.cli.demo", "dev.heddle.cli.fetch")
                .row("dev.heddle.cli.serve", "dev.heddle.cli.command")
                .row("dev.heddle.cli.bench", "dev.heddle.cli.fetch", "dev.heddle.cli.serve")
                .row(
                        "dev.heddle.cli",
                        "dev.heddle.cli.bench",
                        "dev.heddle.cli.demo",
                        "dev.heddle.cli.doctor",
                        "dev.heddle.cli.node",
                        "dev.heddle.cli.script",
                        "dev.heddle.cli.sight.page",
                        "dev.heddle.cli.sight.top")
                .check();
    }
}
