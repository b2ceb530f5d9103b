/** Stands in a bundle for a package that is never called there; bundling.ts says which and why. */
module.exports = function Absent() {};
