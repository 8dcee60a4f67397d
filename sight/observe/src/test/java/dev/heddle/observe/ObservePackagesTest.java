package dev.heddle.observe;

import dev.heddle.conformance.PackageOrder;
import org.junit.jupiter.api.Test;

/** The packages of the module observe: how answers are written, what is seen, and who answers. */
final class ObservePackagesTest {

    @Test
    void packagesStandInOrder() {
        String answers = "words of dev.heddle.observe.internal";
        PackageOrder.of(Metrics.class)
                .words("dev.heddle.observe.internal", "BadRequestException", "Figures", "JsonLines", "PartAnswer",
                        "ViewRequest", "View", "WholeText")
                .row("dev.heddle.observe.internal.metrics", answers)
                .row("dev.heddle.observe.internal.jfr", "dev.heddle.observe.internal.metrics")
                .row("dev.heddle.observe.internal.top")
                .row("dev.heddle.observe.internal.profile", answers, "dev.heddle.observe.internal.top")
                .row("dev.heddle.observe.internal.trace", answers)
                .row("dev.heddle.observe", "dev.heddle.observe.internal.metrics", "dev.heddle.observe.internal.profile",
                        "dev.heddle.observe.internal.trace")
                .row("dev.heddle.observe.internal", "dev.heddle.observe", "dev.heddle.observe.internal.jfr")
                .check();
    }
}
