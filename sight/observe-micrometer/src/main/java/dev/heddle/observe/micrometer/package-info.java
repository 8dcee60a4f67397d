/** Heddle's metrics for the registries of Micrometer: {@link dev.heddle.observe.micrometer.HeddleMetrics}. */
@NullMarked
package dev.heddle.observe.micrometer;

import org.jspecify.annotations.NullMarked;
