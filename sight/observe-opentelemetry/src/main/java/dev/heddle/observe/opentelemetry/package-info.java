/**
 * OpenTelemetry for programs on Heddle. With this module on the path, OpenTelemetry's context goes along with tasks as
 * {@link dev.heddle.trace.TraceContext} does, and each is the other's trace; {@link ServerSpans} and {@link ClientSpans}
 * make spans of requests, {@link Instruments} gives Heddle's metrics to a meter.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.observe.opentelemetry;

import org.jspecify.annotations.NullMarked;
