/**
 * The events of JDK Flight Recorder: written while a recording runs, with JFR's own settings.
 *
 * <p>Read first: {@link dev.heddle.observe.internal.jfr.FlightEvents}.
 */
@NullMarked
package dev.heddle.observe.internal.jfr;

import org.jspecify.annotations.NullMarked;
