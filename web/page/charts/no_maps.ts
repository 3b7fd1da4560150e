// In place of d3-geo, a tenth of the charts' script, which Observable Plot imports for maps and for places on them: the page has
// none. Plot asks for a projection as it is read, and gets nothing.
const none = (): undefined => undefined;

export {
  none as geoAlbers,
  none as geoAlbersUsa,
  none as geoAzimuthalEqualArea,
  none as geoAzimuthalEquidistant,
  none as geoBertin1953,
  none as geoCentroid,
  none as geoClipCache,
  none as geoClipRectangle,
  none as geoConicConformal,
  none as geoConicEqualArea,
  none as geoConicEquidistant,
  none as geoEqualEarth,
  none as geoEquirectangular,
  none as geoGnomonic,
  none as geoGraticule,
  none as geoGraticule10,
  none as geoMercator,
  none as geoOrthographic,
  none as geoPath,
  none as geoStereographic,
  none as geoStream,
  none as geoTransform,
  none as geoTransverseMercator,
};
