/** Hard times for clusters of real JVMs. */
package dev.heddle.cluster.attack;
