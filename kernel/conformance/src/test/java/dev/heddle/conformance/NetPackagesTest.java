package dev.heddle.conformance;

import dev.heddle.io.ByteStream;
import org.junit.jupiter.api.Test;

/** The packages of the module net: what streams share, streams, and where they come from. */
final class NetPackagesTest {

    @Test
    void packagesStandInOrder() {
        PackageOrder.of(ByteStream.class)
                .row("dev.heddle.io.internal")
                .row("dev.heddle.io", "dev.heddle.io.internal")
                .row("dev.heddle.net.internal")
                .words("dev.heddle.net", "ResolverOptions")
                .row("words of dev.heddle.net", "dev.heddle.net.internal")
                .row("dev.heddle.net.internal.dns", "dev.heddle.io", "words of dev.heddle.net")
                .row("dev.heddle.net", "dev.heddle.net.internal.dns")
                .row("dev.heddle.tls.internal")
                .row("dev.heddle.tls", "dev.heddle.net", "dev.heddle.tls.internal")
                .row("dev.heddle.file", "dev.heddle.io")
                .row("dev.heddle.os", "dev.heddle.io")
                .check();
    }
}
