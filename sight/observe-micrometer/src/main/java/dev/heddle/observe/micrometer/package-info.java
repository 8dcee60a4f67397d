/**
 * Heddle's metrics for the registries of Micrometer: {@link dev.heddle.observe.micrometer.HeddleMetrics}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.observe.micrometer;

import org.jspecify.annotations.NullMarked;
