/** A simulated database behind JDBC, and bad days of the nodes that agree by it. */
package dev.heddle.cluster.sql.sim;
