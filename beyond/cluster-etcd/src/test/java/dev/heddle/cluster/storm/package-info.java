/**
 * Storms over clusters of real JVMs: nodes that are killed, stopped and cut off while they work, and what must be true
 * of their work afterwards. {@link dev.heddle.cluster.storm.Storm} makes them.
 */
package dev.heddle.cluster.storm;
