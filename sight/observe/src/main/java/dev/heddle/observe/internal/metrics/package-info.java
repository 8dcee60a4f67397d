/**
 * The metrics of a process: what its parts count, under the names of OpenTelemetry's semantic conventions where there
 * are some, as text for Prometheus.
 *
 * <p>Read first: {@link dev.heddle.observe.internal.metrics.Registry}.
 */
@NullMarked
package dev.heddle.observe.internal.metrics;

import org.jspecify.annotations.NullMarked;
